{#- What an evaluation measures on the past, each with the days that it looks ahead; as in
    orchestration/policy/evidence.py. -#}
{% macro past_measures() %}
    {% set measures = [] %}
    {% for days in [90, 180] %}
        {% for measure in ["spearman", "auc_active", "top_lift", "monotone_share"] %}
            {% do measures.append({"name": measure ~ "_" ~ days ~ "d", "days": days}) %}
        {% endfor %}
    {% endfor %}
    {% for measure in ["monthly_moves", "flips", "distribution_psi"] %}
        {% do measures.append({"name": measure, "days": none}) %}
    {% endfor %}
    {% do return(measures) %}
{% endmacro %}

{#- What the public schemes expect of their evaluation. -#}
{% macro expected_evidence() %}
    {% set expected = [] %}
    {% for scheme in public_schemes() %}
        {% for measure, said in scheme.get("expects", {}).items() %}
            {% set bounds = said.bounds if said is mapping else said %}
            {% do expected.append(
                {
                    "scheme": scheme.id,
                    "measure": measure,
                    "least": bounds[0],
                    "greatest": bounds[1],
                    "blocks": said is mapping and said.get("blocks", false),
                }
            ) %}
        {% endfor %}
    {% endfor %}
    {% do return(expected) %}
{% endmacro %}
