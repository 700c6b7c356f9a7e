//! `textDocument/selectionRange`

use serde_json::json;

use super::{A, Editor};

#[test]
fn a_selection_grows_from_the_inside() {
    let (editor, _) = Editor::with("key \"a\" < deny payment; >\n");
    let at = |line: u32, character: u32| json!({"line": line, "character": character});
    let params = json!({"textDocument": {"uri": A}, "positions": [at(0, 17), at(99, 0)]});
    let found = editor.ask("textDocument/selectionRange", params);
    assert_eq!(found[0]["range"], json!({"start": at(0, 15), "end": at(0, 22)}));
    assert_eq!(found[0]["parent"]["range"], json!({"start": at(0, 10), "end": at(0, 23)}));
    assert_eq!(found[0]["parent"]["parent"]["range"], json!({"start": at(0, 0), "end": at(0, 25)}));
    assert_eq!(found[0]["parent"]["parent"]["parent"]["range"], json!({"start": at(0, 0), "end": at(1, 0)}));
    assert_eq!(found[1]["range"]["end"], at(1, 0));
    editor.leave();
}
