{#-
    What models/staging/<table>.yml says of a canonical table, for the macros that stage it. Empty
    while dbt parses, since the graph is not there yet.
-#}
{% macro canonical_meta(table) %}
    {% do return(canonical_model(table).config.meta if execute else {}) %}
{% endmacro %}

{#-
    The canonical columns in their order, each as {name, type, personal, values, case, text}; `text` is the
    column of judged_rows that holds the text before it was typed.
-#}
{% macro canonical_columns(table) %}
    {% set columns = [] %}
    {% if execute %}
        {% for column in canonical_model(table).columns.values() %}
            {% set meta = column.config.meta %}
            {% if not meta.get("derived") %}
                {% do columns.append(
                    {
                        "name": column.name,
                        "type": column.data_type,
                        "personal": meta.get("personal", false),
                        "values": meta.get("values", []),
                        "case": "lower" if "values" in meta else meta.get("case"),
                        "text": column.name
                        ~ ("" if column.data_type == "text" else "_text"),
                    }
                ) %}
            {% endif %}
        {% endfor %}
    {% endif %}
    {% do return(columns) %}
{% endmacro %}

{#- The names of the canonical columns, in their order. -#}
{% macro canonical_names(table) %}
    {% do return(canonical_columns(table) | map(attribute="name") | list) %}
{% endmacro %}

{#- The staging model of a table, as dbt's graph knows it. -#}
{% macro canonical_model(table) %}
    {% do return(graph.nodes["model." ~ project_name ~ "." ~ table]) %}
{% endmacro %}

{#- The canonical tables, in the order in which they are told of everywhere. -#}
{% macro canonical_tables() %}
    {% do return(
        [
            "customers",
            "orders",
            "order_lines",
            "refunds",
            "interactions",
            "opportunities",
            "feedback",
            "attributes",
            "declared_classes",
            "exchange_rates",
            "customer_merges",
        ]
    ) %}
{% endmacro %}
