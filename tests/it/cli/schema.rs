//! `bpolc schema`

use super::Directory;

#[test]
fn every_schema_is_a_json_schema() {
    for of in ["policy", "request", "decision", "entry", "diff", "report", "config"] {
        let ran = Directory::new().run(&["schema", of]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{of}");
        let schema = ran.json();
        assert!(schema["$schema"].as_str().unwrap().starts_with("https://json-schema.org/"), "{of}");
        assert!(schema["properties"].is_object(), "{of}");
    }
}
