; All that is declared is known in the whole policy.
(source_file) @local.scope

(account_item name: (string) @local.definition)
(payee_item name: (string) @local.definition)
(payees_item name: (string) @local.definition)
(network_item name: (string) @local.definition)
(limit_item name: (string) @local.definition)
(role_item name: (string) @local.definition)
(key_item name: (string) @local.definition)

(_ account: (string) @local.reference)
(_ payee: (string) @local.reference)
(_ network: (string) @local.reference)
(_ limit: (string) @local.reference)
(_ role: (string) @local.reference)
(_ key: (string) @local.reference)
