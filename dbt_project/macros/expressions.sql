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

{#- What the policy has and SQL has not: days_since(column) and ratio(a, b). Most expressions have neither. -#}
{% macro expression_sql(expression) %}
    {% set made = namespace(sql=as_written(expression | string)) %}
    {% if "days_since(" in made.sql %}
        {% set days = dbt.datediff("\\1", "as_of_date", "day") | trim %}
        {% set made.sql = replace_unquoted(made.sql, "\\bdays_since\\((\\w+)\\)", days) %}
    {% endif %}
    {% if "ratio(" in made.sql %}
        {% set quotient = ratio("\\1", "\\2") | trim %}
        {% set made.sql = replace_unquoted(
            made.sql, "\\bratio\\(([^(),]+),([^(),]+)\\)", quotient
        ) %}
    {% endif %}
    {% do return(made.sql) %}
{% endmacro %}

{#- How a cut is written in a condition: `column >= p80` or `column < p40`. -#}
{% macro cut_pattern() %}
    {% do return("(?<![\\w.])([a-z]\\w*) *(>=|<) *(p\\d{1,2})\\b") %}
{% endmacro %}

{#- A condition of a scheme: cuts become columns of `cuts`, a score's dimensions the columns that hold them. -#}
{% macro condition_sql(scheme, condition) %}
    {% set made = namespace(sql=condition) %}
    {% for column, comparison, share in modules.re.findall(cut_pattern(), condition) | unique %}
        {% set made.sql = replace_unquoted(
            made.sql,
            "(?<![\\w.])" ~ column ~ " *" ~ comparison ~ " *" ~ share ~ "\\b",
            metric_sql(column)
            ~ " "
            ~ comparison
            ~ " "
            ~ cut_column(scheme.id, column, share),
        ) %}
    {% endfor %}
    {% if scheme.kind == "score" %}
        {% for name in scheme.dimensions.keys() | list + ["score"] %}
            {% set made.sql = replace_unquoted(
                made.sql, "(?<![\\w.])" ~ name ~ "\\b", scheme.id ~ "_" ~ name
            ) %}
        {% endfor %}
    {% endif %}
    {% do return(expression_sql(made.sql)) %}
{% endmacro %}

{#- Metrics are ranked and compared as exact decimals, never as doubles. -#}
{% macro metric_sql(expression) %}
    {% do return("cast(" ~ expression_sql(expression) ~ " as decimal(28, 8))") %}
{% endmacro %}

{% macro as_text(expression) %}
    {% do return("cast(" ~ expression ~ " as " ~ dbt.type_string() ~ ")") %}
{% endmacro %}

{% macro text_literal(text) %}
    {% do return("'" ~ as_written(text.replace("'", "''")) ~ "'") %}
{% endmacro %}
