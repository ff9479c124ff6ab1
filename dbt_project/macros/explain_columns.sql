{#- What stands behind the names of a policy, for those who explain its classes. -#}
{#-
    The columns that an explanation may name, by name: the table, type and decimals of each (none where it
    is no number), and how it is called. Empty until the tables stand, since they are asked.
-#}
{% macro explained_columns(schemes) %}
    {% set columns = {} %}
    {% set labels = column_labels(schemes) %}
    {% for table in [ref("customer_classes"), ref("customer_facts")] if load_relation(table) %}
        {% for column in adapter.get_columns_in_relation(table) %}
            {% set label = labels.get(column.name, {"en": column.name, "zh": column.name}) %}
            {% do columns.update(
                {
                    column.name: {
                        "name": column.name,
                        "alias": column.name,
                        "sql": column.name,
                        "table": table.identifier,
                        "type": column.dtype | lower,
                        "decimals": decimals_of(column),
                        "text": "_" ~ column.name ~ "_text",
                        "en": label.en,
                        "zh": modules.re.sub("(?<=[!-~])$", " ", label.zh),
                    }
                }
            ) %}
        {% endfor %}
    {% endfor %}
    {% do return(columns) %}
{% endmacro %}

{#- Labels of facts, of what the policy names, and of every column that a scheme has. -#}
{% macro column_labels(schemes) %}
    {% set labels = policy_names("labels") %}
    {% for column in graph.nodes["model." ~ project_name ~ ".customer_facts"].columns.values() %}
        {% do labels.update({column.name: column.config.meta.label}) %}
    {% endfor %}
    {% for scheme in schemes %}
        {% do labels.update({scheme.id: scheme.label}) %}
        {% for name, part in labels_of_parts(scheme, labels).items() %}
            {% do labels.update(
                {
                    scheme.id
                    ~ "_"
                    ~ name: {
                        "en": scheme.label.en ~ " " ~ part.en,
                        "zh": scheme.label.zh ~ " " ~ part.zh,
                    }
                }
            ) %}
        {% endfor %}
    {% endfor %}
    {% do return(labels) %}
{% endmacro %}

{#- What the columns of a scheme tell besides the class that counts, by the endings of their names. -#}
{% macro labels_of_parts(scheme, labels) %}
    {% set parts = {
        "score": {"en": "total score", "zh": "总评分"},
        "computed": {"en": "as computed", "zh": "计算结果"},
        "held": {"en": "as held", "zh": "保级结果"},
        "below_since": {"en": "below since", "zh": "低于起始日"},
        "declared": {"en": "as declared", "zh": "人工认定"},
    } %}
    {% for name, dimension in scheme.get("dimensions", {}).items() %}
        {% set known = labels.get(name, {"en": name, "zh": name}) %}
        {% do parts.update({name: dimension.get("label", known)}) %}
    {% endfor %}
    {% for class in scheme.get("classes", []) if scheme.get("many") %}
        {% do parts.update({class.code: class}) %}
    {% endfor %}
    {% do return(parts) %}
{% endmacro %}

{#- How many decimals a column has, at most the eight in which metrics are compared; none for no number. -#}
{% macro decimals_of(column) %}
    {% set scale = modules.re.fullmatch("decimal\\(\\d+, *(\\d+)\\)", column.dtype | lower) %}
    {% if column.is_integer() %} {% do return(0) %} {% endif %}
    {% if scale %} {% do return([scale.group(1) | int, 8] | min) %} {% endif %}
    {% do return(8 if column.is_float() else none) %}
{% endmacro %}

{#- The columns that SQL of a policy names, in their order. -#}
{% macro columns_named(sql, columns) %}
    {% set named = [] %}
    {% set unquoted = modules.re.sub("'[^']*'", "", sql) %}
    {% for word in modules.re.findall("(?<![\\w.])[a-z]\\w*", unquoted) | unique if word in columns %}
        {% do named.append(columns[word]) %}
    {% endfor %}
    {% do return(named) %}
{% endmacro %}

{#-
    Customers with every column that decides or is told, those that `judgements` tell as text too, and the
    bounds of all classes beside them: a row of them stands for `cuts` as well.
-#}
{% macro explained_customers(schemes, judgements) %}
    customers as (
        select
            customer_classes.customer_id,
            customer_classes.as_of_date,
            {%- for column in columns_read(schemes) if column.name != "as_of_date" %}
                {%- set value = column.table ~ "." ~ column.name %}
                {{ value }},
                {%- if column.text in judgements %}
                    {{ as_text(value) if column.decimals is none else number_text(value) }}
                    as {{ column.text }},
                {%- endif %}
            {%- endfor %}
            cuts.*
        from customer_classes
        inner join customer_facts on customer_classes.customer_id = customer_facts.customer_id
        cross join cuts
    ),
{%- endmacro %}

{% macro columns_read(schemes) %}
    {% set columns = {} %}
    {% for scheme in schemes %}
        {% for column in scheme.reads + scheme.shows %}
            {% do columns.update({column.name: column}) %}
        {% endfor %}
    {% endfor %}
    {% do return(columns.values() | list) %}
{% endmacro %}
