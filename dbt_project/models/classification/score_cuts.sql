{{ cuts_in_force("score", ref("scheme_scores")) }}
