//! `workspace/symbol`

use serde_json::json;

use super::{A, Editor};

#[test]
fn names_of_all_files_are_found_by_a_few_letters() {
    let (editor, _) = Editor::with("key \"shop\" < >\nrole \"reader\" < >");
    editor.open("file:///q/b.bpol", "account \"Shop\" is id 1;\nkey \"other\" < >");
    let found = editor.ask("workspace/symbol", json!({"query": "sho"}));
    let shown: Vec<String> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {}", one["name"], one["containerName"], one["location"]["uri"]))
        .collect();
    assert_eq!(shown, [format!("\"shop\" \"a.bpol\" \"{A}\""), "\"Shop\" \"b.bpol\" \"file:///q/b.bpol\"".to_owned()]);
    assert_eq!(found[0]["location"]["range"]["start"], json!({"line": 0, "character": 4}));
    assert_eq!(editor.ask("workspace/symbol", json!({"query": "zzz"})), json!([]));
    editor.leave();
}
