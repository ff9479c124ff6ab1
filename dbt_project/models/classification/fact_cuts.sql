{{ cuts_in_force("fact", ref("customer_metrics")) }}
