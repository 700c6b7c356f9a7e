(account_item name: (string (string_content) @name)) @definition.constant
(payee_item name: (string (string_content) @name)) @definition.constant
(payees_item name: (string (string_content) @name)) @definition.constant
(network_item name: (string (string_content) @name)) @definition.constant
(limit_item name: (string (string_content) @name)) @definition.constant
(role_item name: (string (string_content) @name)) @definition.class
(key_item name: (string (string_content) @name)) @definition.class
(test_item name: (string (string_content) @name)) @definition.function

(_ account: (string (string_content) @name)) @reference.constant
(_ payee: (string (string_content) @name)) @reference.constant
(_ network: (string (string_content) @name)) @reference.constant
(_ limit: (string (string_content) @name)) @reference.constant
(_ role: (string (string_content) @name)) @reference.class
(_ key: (string (string_content) @name)) @reference.class
