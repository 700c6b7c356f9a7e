//! Clauses as conditions of two values (language.md, 6.2). Sums and counts of the past are unknown: no target keeps
//! them.

use bpol_engine::ir::{
    AccountRef, Clause, Day, Dimension, During, Excepted, Ir, LimitCap, MoneyCap, NetworkRef, PayeeRef, Since,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::formula::{Atom, Fact, Formula, Hours, Kleene};

/// The dimension that a clause is about; counts, addresses and times are about none.
pub(crate) fn about(ir: &Ir, clause: &Clause) -> Option<Dimension> {
    match clause {
        Clause::On(_) => Some(Dimension::Account),
        Clause::To(_) => Some(Dimension::Payee),
        Clause::ToUrl(_) => Some(Dimension::Url),
        Clause::UpTo(_) | Clause::AnyAmount | Clause::Over(_) => Some(Dimension::Amount),
        Clause::Via(_) => Some(Dimension::Method),
        Clause::Repeating(_) => Some(Dimension::Repeat),
        Clause::Since(_) | Clause::CreatedByThisKey => Some(Dimension::Record),
        Clause::Within(limits) => {
            let money = |cap: &LimitCap| matches!(cap, LimitCap::Money(_));
            let mut named = limits.iter().filter_map(|limit| at(&ir.limits, *limit));
            named.any(|limit| limit.caps.iter().any(money)).then_some(Dimension::Amount)
        }
        Clause::AtMost(_)
        | Clause::MoreThan(_)
        | Clause::From(_)
        | Clause::During(_)
        | Clause::Starting(_)
        | Clause::Before(_) => None,
    }
}

/// Whether what was done before decides about the clause.
pub(crate) fn counts(clause: &Clause) -> bool {
    match clause {
        Clause::UpTo(caps) | Clause::Over(caps) => caps.iter().any(|cap| cap.counter.is_some()),
        Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Within(_) => true,
        _ => false,
    }
}

/// The clause for an operation that has the dimension and whose calls tell of it.
pub(crate) fn told(ir: &Ir, clause: &Clause) -> Kleene {
    match clause {
        Clause::On(accounts) => any(accounts.iter().map(|one| account(ir, one))),
        Clause::To(payees) => payee(ir, payees),
        Clause::ToUrl(urls) => Kleene::among(Fact::Url, urls.clone()),
        Clause::UpTo(caps) => !exceeded(caps),
        Clause::AnyAmount => Kleene::TRUE,
        Clause::Over(caps) => exceeded(caps),
        Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Within(_) => Kleene::UNKNOWN,
        Clause::Via(methods) => Kleene::among(Fact::Method, methods.clone()),
        Clause::Repeating(rhythms) => Kleene::among(Fact::Repeat, rhythms.clone()),
        Clause::Since(since) => {
            let yes = match since {
                Since::Age(seconds) => Formula::Is(Atom::Young(*seconds)),
                Since::Date(date) => match first_second(ir, date) {
                    Some(second) => Formula::Is(Atom::CreatedFrom(second)),
                    None => return Kleene::UNKNOWN,
                },
            };
            Kleene { no: Formula::Is(Atom::Told(Fact::Created)).and(!yes.clone()), yes }
        }
        Clause::CreatedByThisKey => {
            Kleene { yes: Formula::Is(Atom::OwnRecord(true)), no: Formula::Is(Atom::OwnRecord(false)) }
        }
        Clause::From(networks) => from(ir, networks),
        Clause::During(spans) if ir.timezone.is_some() => {
            let yes = Formula::any(spans.iter().flat_map(hours).map(|hours| Formula::Is(Atom::Clock(hours))));
            Kleene { no: !yes.clone(), yes }
        }
        Clause::During(_) => Kleene::UNKNOWN,
        Clause::Starting(date) => from_date(ir, date),
        Clause::Before(date) => !from_date(ir, date),
    }
}

/// The clause for an operation that has the dimension, of which no call tells: only what holds for anything is true.
pub(crate) fn untold(clause: &Clause) -> Kleene {
    let holds = match clause {
        Clause::On(accounts) => {
            accounts.iter().any(|one| matches!(one, AccountRef::Any { except } if except.is_empty()))
        }
        Clause::To(payees) => payees.contains(&PayeeRef::Anyone),
        Clause::AnyAmount => true,
        _ => false,
    };
    if holds { Kleene::TRUE } else { Kleene::UNKNOWN }
}

/// Facts that contradict what the policy declares: no request that tells them may pass (language.md, 6.1).
pub(crate) fn contradictions(ir: &Ir) -> Formula {
    let mut found = Vec::new();
    let is = |fact, texts: Vec<String>| Kleene::among(fact, texts).yes;
    let (mut ibans_alone, mut ids_alone) = (Vec::new(), Vec::new());
    for account in &ir.accounts {
        let (iban, id) = (account.iban.clone(), account.id.map(|id| id.to_string()));
        if let (Some(iban), Some(id)) = (iban.clone(), id.clone()) {
            let (iban, id) = (Kleene::among(Fact::AccountIban, vec![iban]), Kleene::among(Fact::AccountId, vec![id]));
            found.push(iban.yes.and(id.no));
            found.push(iban.no.and(id.yes));
        } else {
            ibans_alone.extend(iban);
            ids_alone.extend(id);
        }
        if let Some(kind) = &account.kind {
            let other = Kleene::among(Fact::AccountKind, vec![kind.clone()]).no;
            found.push(equals(account).and(other));
        }
    }
    if !ibans_alone.is_empty() && !ids_alone.is_empty() {
        found.push(is(Fact::AccountIban, ibans_alone).and(is(Fact::AccountId, ids_alone)));
    }
    let own = own_ibans(ir);
    if !own.is_empty() {
        found.push(is(Fact::PayeeIban, own).and(Formula::Is(Atom::Own(false))));
    }
    Formula::any(found)
}

fn account(ir: &Ir, account: &AccountRef) -> Kleene {
    match account {
        AccountRef::Account(number) => declared(ir, *number),
        AccountRef::Name(name) => Kleene::among(Fact::AccountName, vec![name.clone()]),
        AccountRef::Kind { kind, except } => of_kind(ir, kind).and(!excepted(ir, except)),
        AccountRef::Any { except } => !excepted(ir, except),
    }
}

fn excepted(ir: &Ir, except: &[Excepted]) -> Kleene {
    any(except.iter().map(|one| match one {
        Excepted::Account(number) => declared(ir, *number),
        Excepted::Kind(kind) => of_kind(ir, kind),
    }))
}

/// A declared account: compared on each of IBAN and id that both sides know.
fn declared(ir: &Ir, number: u32) -> Kleene {
    let Some(account) = at(&ir.accounts, number) else { return Kleene::UNKNOWN };
    let comparable = Formula::any(
        account
            .iban
            .iter()
            .map(|_| Fact::AccountIban)
            .chain(account.id.iter().map(|_| Fact::AccountId))
            .map(|fact| Formula::Is(Atom::Told(fact))),
    );
    let yes = equals(account);
    Kleene { no: comparable.and(!yes.clone()), yes }
}

fn equals(account: &bpol_engine::ir::Account) -> Formula {
    let iban = account.iban.iter().map(|iban| Kleene::among(Fact::AccountIban, vec![iban.clone()]).yes);
    let id = account.id.iter().map(|id| Kleene::among(Fact::AccountId, vec![id.to_string()]).yes);
    Formula::any(iban.chain(id))
}

/// By the kind that is told, else by that of the declared account it equals; the two never differ in what is decided.
fn of_kind(ir: &Ir, kind: &str) -> Kleene {
    let told = Kleene::among(Fact::AccountKind, vec![kind.to_owned()]);
    let (same, other): (Vec<_>, Vec<_>) =
        ir.accounts.iter().filter(|account| account.kind.is_some()).partition(|one| one.kind.as_deref() == Some(kind));
    let one_of = |accounts: Vec<&bpol_engine::ir::Account>| {
        let ibans: Vec<String> = accounts.iter().filter_map(|account| account.iban.clone()).collect();
        let ids: Vec<String> = accounts.iter().filter_map(|account| account.id.map(|id| id.to_string())).collect();
        let list = |fact, texts: Vec<String>| {
            if texts.is_empty() { Formula::FALSE } else { Kleene::among(fact, texts).yes }
        };
        list(Fact::AccountIban, ibans).or(list(Fact::AccountId, ids))
    };
    Kleene { yes: told.yes.or(one_of(same)), no: told.no.or(one_of(other)) }
}

fn payee(ir: &Ir, payees: &[PayeeRef]) -> Kleene {
    let mut ibans = Vec::new();
    let mut groups = Vec::new();
    let mut value = Kleene::FALSE;
    for one in payees {
        match one {
            PayeeRef::Anyone => return Kleene::TRUE,
            PayeeRef::Payee(number) => groups.extend(at(&ir.payees, *number).map(|payee| payee.name.clone())),
            PayeeRef::Account(number) => ibans.extend(at(&ir.accounts, *number).and_then(|one| one.iban.clone())),
            PayeeRef::Iban(iban) => ibans.push(iban.clone()),
            PayeeRef::OwnAccounts => {
                let told = Formula::Is(Atom::Own(true));
                let known = own_ibans(ir);
                let known = if known.is_empty() { Formula::FALSE } else { Kleene::among(Fact::PayeeIban, known).yes };
                value = value.or(Kleene { yes: told.or(known), no: Formula::Is(Atom::Own(false)) });
            }
            PayeeRef::Favorites => {
                let (yes, no) = (Formula::Is(Atom::Favorite(true)), Formula::Is(Atom::Favorite(false)));
                value = value.or(Kleene { yes, no });
            }
        }
    }
    if ibans.is_empty() && groups.is_empty() {
        return value;
    }
    let listed = if ibans.is_empty() { Formula::FALSE } else { Kleene::among(Fact::PayeeIban, ibans).yes };
    let yes = Formula::any(groups.into_iter().map(|name| Formula::Is(Atom::InPayees(name)))).or(listed);
    value.or(Kleene { no: Formula::Is(Atom::Told(Fact::PayeeIban)).and(!yes.clone()), yes })
}

/// IBANs of declared accounts that are the holder's own by their kind.
fn own_ibans(ir: &Ir) -> Vec<String> {
    let own = |kind: &String| ir.kinds.iter().any(|known| known.own && known.word == *kind);
    let owned = ir.accounts.iter().filter(|account| account.kind.as_ref().is_some_and(own));
    owned.filter_map(|account| account.iban.clone()).collect()
}

/// Whether some cap in the amount's currency is exceeded: unknown in other currencies. A sum may always be beyond its
/// cap, and never for certain.
fn exceeded(caps: &[MoneyCap]) -> Kleene {
    let mut value = Kleene::UNKNOWN;
    let mut currencies: Vec<&str> = caps.iter().map(|cap| cap.currency.as_str()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    for currency in currencies {
        let ours = || caps.iter().filter(|cap| cap.currency == currency);
        let each = ours().filter(|cap| cap.counter.is_none()).filter_map(|cap| minor(&cap.value)).min();
        let counted = ours().any(|cap| cap.counter.is_some());
        if let Some(most) = each {
            value.yes = value.yes.or(Formula::Is(Atom::MoreThan(currency.to_owned(), most)));
            if !counted {
                value.no = value.no.or(Formula::Is(Atom::AtMost(currency.to_owned(), most)));
            }
        }
    }
    value
}

/// A figure with all the currency's decimals, in its smallest unit.
pub(crate) fn minor(value: &str) -> Option<i64> {
    value.replace('.', "").parse().ok()
}

fn from(ir: &Ir, networks: &[NetworkRef]) -> Kleene {
    let mut blocks = Vec::new();
    for network in networks {
        match network {
            NetworkRef::Anywhere => return Kleene::TRUE,
            NetworkRef::Block(block) => blocks.push(block.clone()),
            NetworkRef::Network(number) => {
                blocks.extend(at(&ir.networks, *number).into_iter().flat_map(|network| network.blocks.clone()));
            }
        }
    }
    let yes = Formula::Is(Atom::From(blocks));
    Kleene { no: Formula::Is(Atom::Told(Fact::Ip)).and(!yes.clone()), yes }
}

/// A span as hours within days: what runs past midnight goes on in the next day.
fn hours(span: &During) -> Vec<Hours> {
    let days: Vec<usize> = span.days.iter().map(|day| place(*day)).collect();
    let word = |days: &mut dyn Iterator<Item = usize>| {
        let mut days: Vec<usize> = days.collect();
        days.sort_unstable();
        days.into_iter().filter_map(|day| DAYS.get(day).copied()).collect()
    };
    if span.from < span.until {
        return vec![Hours { days: word(&mut days.into_iter()), from: span.from, until: span.until }];
    }
    let evening = Hours { days: word(&mut days.iter().copied()), from: span.from, until: 1440 };
    let mut next = days.iter().map(|day| day.saturating_add(1) % DAYS.len());
    let morning = Hours { days: word(&mut next), from: 0, until: span.until };
    [evening, morning].into_iter().filter(|hours| hours.from < hours.until).collect()
}

/// Words of the days, from Monday.
pub(crate) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn place(day: Day) -> usize {
    match day {
        Day::Mon => 0,
        Day::Tue => 1,
        Day::Wed => 2,
        Day::Thu => 3,
        Day::Fri => 4,
        Day::Sat => 5,
        Day::Sun => 6,
    }
}

fn from_date(ir: &Ir, date: &str) -> Kleene {
    match first_second(ir, date) {
        Some(second) => {
            let yes = Formula::Is(Atom::NowFrom(second));
            Kleene { no: !yes.clone(), yes }
        }
        None => Kleene::UNKNOWN,
    }
}

/// The first second of a date in the policy's time zone.
fn first_second(ir: &Ir, date: &str) -> Option<i64> {
    let zone = TimeZone::get(ir.timezone.as_deref()?).ok()?;
    let date: Date = date.parse().ok()?;
    Some(date.to_zoned_datetime(zone).ok()?.start_of_day().ok()?.timestamp().as_second())
}

fn any(values: impl Iterator<Item = Kleene>) -> Kleene {
    values.fold(Kleene::FALSE, Kleene::or)
}

fn at<T>(list: &[T], number: u32) -> Option<&T> {
    list.get(usize::try_from(number).ok()?)
}
