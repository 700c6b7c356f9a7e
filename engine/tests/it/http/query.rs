//! Queries: known parameters, each once, in one spelling.

use super::{PAYMENTS, check};

#[track_caller]
fn query(query: &str, expected: &str) {
    check("GET", &format!("{PAYMENTS}?{query}"), "", expected);
}

#[test]
fn a_list_is_paged_through() {
    query("count=25", "read transaction");
    query("count=200&older_id=7", "read transaction");
    query("newer_id=9223372036854775807", "read transaction");
    query("newer_id=0", "read transaction");
}

#[test]
fn a_parameter_that_stands_twice_is_refused() {
    query("count=1&count=2", "duplicate-query-key at the query parameter `count`");
    query("older_id=7&count=1&older_id=7", "duplicate-query-key at the query parameter `older_id`");
}

#[test]
fn a_parameter_that_nobody_knows_is_refused() {
    query("limit=5", "unknown-query-key at the query parameter `limit`");
    query("Count=5", "unknown-query-key at the query parameter `Count`");
    query("count=5&display=all", "unknown-query-key at the query parameter `display`");
}

#[test]
fn a_parameter_for_paging_is_a_whole_number() {
    for value in ["", "-1", "1.5", "x", "0x1", "007", "9223372036854775808"] {
        query(&format!("count={value}"), "query-not-digits at the query parameter `count`");
    }
}

#[test]
fn a_query_has_one_spelling() {
    query("", "query-shape at the query");
    query("count", "query-shape at the query");
    query("=5", "query-shape at the query");
    query("count=5&", "query-shape at the query");
    query("&count=5", "query-shape at the query");
    query("count=5&&older_id=1", "query-shape at the query");
    query("count%3D5=1", "query-encoding at the query");
    query("co%75nt=5", "query-encoding at the query");
    query("count=%35", "query-encoding at the query parameter `count`");
    query("count=5+", "query-encoding at the query parameter `count`");
    query("count=5;older_id=1", "query-encoding at the query parameter `count`");
    query("count[]=5", "query-encoding at the query");
    query("count=5?older_id=1", "query-encoding at the query parameter `count`");
    query("count=５", "query-encoding at the query parameter `count`");
    query("count=5=6", "query-encoding at the query parameter `count`");
}

#[test]
fn another_method_is_not_asked_for_in_the_query() {
    query("_method=PUT", "method-override at the query parameter `_method`");
    query("_Method=PUT", "method-override at the query parameter `_Method`");
    query("count=1&_method=", "method-override at the query parameter `_method`");
}

#[test]
fn only_what_reads_has_a_query() {
    check("POST", &format!("{PAYMENTS}?count=1"), "{}", "query-not-allowed at the query");
    check("POST", &format!("{PAYMENTS}?"), "{}", "query-not-allowed at the query");
    check("DELETE", &format!("{PAYMENTS}/7?count=1"), "", "query-not-allowed at the query");
}
