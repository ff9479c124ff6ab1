{#- Policy expressions to SQL. They were checked against an allow-list before dbt saw them. -#}
{#- Replace a pattern outside quotes; quoted codes stay as they are. -#}
{% macro replace_unquoted(expression, pattern, replacement) %}
    {% set parts = [] %}
    {% for part in modules.re.split("('[^']*')", expression | string) %}
        {% do parts.append(
            part if part.startswith("'") else modules.re.sub(pattern, replacement, part)
        ) %}
    {% endfor %}
    {% do return(parts | join) %}
{% endmacro %}

{#- What the policy has and SQL has not: days_since(column) and ratio(a, b). -#}
{% macro expression_sql(expression) %}
    {% set sql = replace_unquoted(
        expression,
        "\\bdays_since\\((\\w+)\\)",
        dbt.datediff("\\1", "as_of_date", "day") | trim,
    ) %}
    {% do return(
        replace_unquoted(
            sql, "\\bratio\\(([^(),]+),([^(),]+)\\)", ratio("\\1", "\\2") | trim
        )
    ) %}
{% endmacro %}

{#- A condition of a scheme: cuts become columns of `cuts`, a score's dimensions the columns that hold them. -#}
{% macro condition_sql(scheme, condition) %}
    {% set made = namespace(sql=expression_sql(condition)) %}
    {% for match in modules.re.finditer("(\\w+) *(>=|<) *(p\\d+)\\b", condition) %}
        {% set cut = cut_column(scheme.id, match.group(1), match.group(3)) %}
        {% set comparison = metric_sql(match.group(1)) ~ " " ~ match.group(2) ~ " " ~ cut %}
        {% set made.sql = made.sql.replace(match.group(0), comparison) %}
    {% endfor %}
    {% if scheme.kind == "score" %}
        {% for name in scheme.dimensions.keys() | list + ["score"] %}
            {% set made.sql = replace_unquoted(
                made.sql, "(?<![.\\w])" ~ name ~ "\\b", scheme.id ~ "_" ~ name
            ) %}
        {% endfor %}
    {% endif %}
    {% do return(made.sql) %}
{% endmacro %}

{#- Metrics are ranked and compared as exact decimals, never as doubles. -#}
{% macro metric_sql(expression) %}
    {% do return("cast(" ~ expression_sql(expression) ~ " as decimal(28, 8))") %}
{% endmacro %}
