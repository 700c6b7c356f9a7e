//! Words that belong to the language and so can be no noun or action of a bank. Shared with the build script.

/// Every word of the grammar and the tier nouns. `account` and `accounts` are left out: they are a noun in every bank.
const RESERVED: &str = "
    import bank timezone is payee payees network networks limit role key every ensure test for except iban id allow
    ask deny use only unless and on to url up over at most more than within via repeating since created by this
    showing hiding from during starting before any own favorites anyone anywhere ip amount each per day week month
    year in total time times once hourly daily weekly monthly yearly anytime weekdays weekends mon tue wed thu fri sat
    sun can cannot must no exactly expect of dated ago after spending earlier today everything sensitive write spend
    control
";

/// Whether a word belongs to the language.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.split_whitespace().any(|reserved| reserved == word)
}
