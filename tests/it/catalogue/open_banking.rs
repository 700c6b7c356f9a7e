//! The second catalogue: another bank is data, not code.

use bpolc::catalogue::{Catalogue, OpId, Route};
use serde_json::{Value, json};

use super::call::matches;

fn catalogue() -> Catalogue {
    Catalogue::read(include_str!("../../../examples/open-banking/open-banking.toml")).unwrap()
}

fn name(catalogue: &Catalogue, id: OpId) -> String {
    let operation = catalogue.operation(id);
    format!("{} {}", operation.action, operation.resource)
}

#[test]
fn it_is_sound() {
    let catalogue = catalogue();
    let resources: Vec<&str> = catalogue.resources().collect();
    assert_eq!(
        resources,
        [
            "account",
            "balance",
            "transaction",
            "payment",
            "bulk-payment",
            "periodic-payment",
            "confirmation",
            "consent",
            "funds"
        ]
    );
    assert_eq!((catalogue.operations.len(), catalogue.routes().len()), (19, 27));
}

#[test]
fn deny_payment_closes_every_way_to_pay() {
    let catalogue = catalogue();
    let payment = catalogue.find("create", "payments").unwrap();
    let closes: Vec<String> = catalogue.counting_as(payment).iter().map(|id| name(&catalogue, *id)).collect();
    assert_eq!(closes, ["create payment", "create bulk-payment", "create periodic-payment", "accept confirmation"]);
}

#[test]
fn calls_lead_to_operations() {
    let catalogue = catalogue();
    let lead = |method: &str, path: &str, body: &Value| -> Vec<String> {
        let routes = catalogue.routes().iter();
        routes
            .filter_map(|route| match route {
                Route::To { operation, route } if matches(route, method, path, body) => {
                    Some(name(&catalogue, *operation))
                }
                _ => None,
            })
            .collect()
    };
    let iban = |text: &str| json!({"iban": text});
    let payment = json!({
        "debtorAccount": iban("DE89370400440532013000"),
        "creditorAccount": iban("NL91ABNA0417164300"),
        "instructedAmount": {"currency": "EUR", "amount": "12.50"},
    });
    let consent = json!({"access": {"accounts": [iban("DE89370400440532013000")]}, "validUntil": "2027-01-01"});
    let everything = json!({"access": {"allPsd2": "allAccounts"}});
    let code = json!({"scaAuthenticationData": "123456"});
    let password = json!({"psuData": {"password": "x"}});
    let sepa = "/v1/payments/sepa-credit-transfers";
    let dialogue = "/v1/payments/sepa-credit-transfers/7/authorisations/8";
    for (method, path, body, operation) in [
        ("POST", sepa, &payment, Some("create payment")),
        ("POST", "/v1/bulk-payments/sepa-credit-transfers", &payment, None),
        ("GET", "/v1/accounts/7/transactions", &Value::Null, Some("read transaction")),
        ("PUT", dialogue, &code, Some("accept confirmation")),
        ("PUT", dialogue, &password, None),
        ("POST", "/v1/consents", &consent, Some("create consent")),
        ("POST", "/v1/consents", &everything, None),
        ("PUT", "/v1/consents/7/authorisations/8", &code, None),
    ] {
        let expected: Vec<&str> = operation.into_iter().collect();
        assert_eq!(lead(method, path, body), expected, "{method} {path} {body}");
    }
}
