{#-
    Classes, taken apart. A part is one condition that has to hold: {sql, en, zh}, and where one number is
    all that it hangs on also `measure` (a column), `direction` (1: at least, -1: at most, 0: exactly) and
    `bound` (SQL of the last value with which it holds).
-#}
{#- All parts of a class; none when it takes the rest. -#}
{% macro class_parts(scheme, class, columns) %}
    {% set parts = [] %}
    {% if "at_least" in class or "top" in class or "top_value" in class %}
        {% do parts.append(range_part(scheme, class, columns)) %}
    {% endif %}
    {% for text in conjuncts(class.get("when", "")) %}
        {% do parts.append(condition_part(scheme, text, columns)) %}
    {% endfor %}
    {% do return(parts) %}
{% endmacro %}

{#- What the classes are ranges or values of: a column, or an expression that the explanation calls `_by`. -#}
{% macro measure_of(scheme, columns) %}
    {% if scheme.kind == "rules" %} {% do return(none) %} {% endif %}
    {% set name = scheme.id ~ "_score" if scheme.kind == "score" else scheme.by %}
    {% set expression = {
        "name": name,
        "alias": "_by",
        "sql": metric_sql(name),
        "type": "decimal(28, 8)",
        "decimals": 8,
        "text": number_text(metric_sql(name)),
        "en": labelled(scheme, name, columns, "en"),
        "zh": labelled(scheme, name, columns, "zh") ~ " ",
    } %}
    {% do return(columns.get(name, expression)) %}
{% endmacro %}

{#- An expression with the columns in it called by their labels. -#}
{% macro labelled(scheme, expression, columns, language) %}
    {% set parts = [] %}
    {% for part in modules.re.split("('[^']*'|\\w+)", expression) %}
        {% set column = columns.get(own_name(scheme, part)) %}
        {% do parts.append(column[language] | trim if column else part) %}
    {% endfor %}
    {% do return(parts | join) %}
{% endmacro %}

{#- Whether a ladder is measured by an expression. -#}
{% macro has_expression(scheme) %}
    {% do return(scheme.kind == "ladder" and scheme.measure.alias == "_by") %}
{% endmacro %}

{#- The range that a class of a ladder or a score asks for: every bound of it has to be reached. -#}
{% macro range_part(scheme, class, columns) %}
    {% set measure = measure_of(scheme, columns) %}
    {% set bounds = [class.at_least | string] if "at_least" in class else [] %}
    {% set shares = {} %}
    {% for key in ["top", "top_value"] if key in class %}
        {% do bounds.append(
            cut_column(scheme.id, scheme.get("by", "score"), key ~ " " ~ class[key])
        ) %}
        {% do shares.update({key: class[key]}) %}
    {% endfor %}
    {% set reached = [] %}
    {% for bound in bounds %}
        {% do reached.append("cast(" ~ measure.sql ~ " as decimal(28, 8)) >= " ~ bound) %}
    {% endfor %}
    {% set compared = {
        "measure": measure,
        "comparison": ">=",
        "bound": greatest_of(bounds),
        "value": greatest_of(bounds),
        "said": none,
        "shares": shares,
    } %}
    {% do return(compared_part(compared, reached | join(" and "))) %}
{% endmacro %}

{#- The greatest of bounds; NULL when one is, which nobody reaches: greatest() would pass over it. -#}
{% macro greatest_of(bounds) %}
    {% if bounds | length == 1 %} {% do return(bounds[0]) %} {% endif %}
    {% do return(
        "case when " ~ bounds
        | join(" + ") ~ " is not null then greatest(" ~ bounds
        | join(", ") ~ ") end"
    ) %}
{% endmacro %}

{% macro condition_part(scheme, text, columns) %}
    {% set sql = condition_sql(scheme, text) %}
    {% set compared = comparison_in(scheme, text, columns) %}
    {% if compared %} {% do return(compared_part(compared, sql)) %} {% endif %}
    {% set named = columns_named(sql, columns) %}
    {% set equals = modules.re.fullmatch(
        "(?i)(not )?[a-z]\\w*( *= *[^<>=]+| in *\\(.*\\)| is null)?", text
    ) %}
    {% set told = named + bounds_named(scheme, text, columns) %}
    {% set part = {"sql": sql} %}
    {% for language in ["en", "zh"] %}
        {% do part.update(
            {
                language: (
                    equals_in_words(named[0], language)
                    if equals and named | length == 1
                    else holds_in_words(text, told, language)
                )
            }
        ) %}
    {% endfor %}
    {% do return(part) %}
{% endmacro %}

{#- The cuts of a condition, each told as a column would be. -#}
{% macro bounds_named(scheme, text, columns) %}
    {% set bounds = [] %}
    {% for name, _, share in modules.re.findall(cut_pattern(), text) | unique %}
        {% set column = columns[own_name(scheme, name)] %}
        {% do bounds.append(
            {
                "name": share,
                "text": number_text(cut_column(scheme.id, name, share)),
                "en": column.en ~ " " ~ share,
                "zh": column.zh | trim ~ " " ~ share,
            }
        ) %}
    {% endfor %}
    {% do return(bounds) %}
{% endmacro %}

{% macro compared_part(compared, sql) %}
    {% set direction = {">=": 1, ">": 1, "<=": -1, "<": -1, "=": 0}[compared.comparison] %}
    {% do return(
        {
            "sql": sql,
            "measure": compared.measure,
            "direction": direction,
            "asks": compared.measure.name ~ " " ~ direction,
            "bound": last_value(
                compared.bound, compared.measure.decimals, compared.comparison
            ),
            "en": compares_in_words(compared, "en"),
            "zh": compares_in_words(compared, "zh"),
        }
    ) %}
{% endmacro %}

{#-
    The comparison of one number with a literal, a cut or an expression without it, or nothing:
    {measure, comparison, bound, value, said}; `value` is the bound in words, `said` what the policy calls it.
-#}
{% macro comparison_in(scheme, text, columns) %}
    {% set found = modules.re.fullmatch("(.+?) *(>=|<=|>|<|=) *(.+)", text) %}
    {% if not found %} {% do return(none) %} {% endif %}
    {% set left, comparison, right = found.groups() %}
    {% set mirrored = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "="}[comparison] %}
    {% for name, comparison, bound in [(left, comparison, right), (right, mirrored, left)] %}
        {% set measure = columns.get(own_name(scheme, name)) %}
        {% set is_plain = not modules.re.search(
            "(?i)[<>=']|\\b(is|in|not|and|or|between|case|null|true|false)\\b", bound
        ) %}
        {% if (
            is_plain
            and measure
            and measure.decimals is not none
            and measure not in columns_named(condition_sql(scheme, bound), columns)
        ) %}
            {% do return(
                {
                    "measure": measure,
                    "comparison": comparison,
                    "bound": exact_bound(scheme, name, bound),
                    "value": bound_sql(scheme, name, bound),
                    "said": (
                        none
                        if is_number(bound)
                        else {
                            "en": labelled(scheme, bound, columns, "en"),
                            "zh": labelled(scheme, bound, columns, "zh"),
                        }
                    ),
                }
            ) %}
        {% endif %}
    {% endfor %}
    {% do return(none) %}
{% endmacro %}

{#- The column of a name in a condition: a score calls its own columns by shorter names. -#}
{% macro own_name(scheme, name) %}
    {% set is_own = name == "score" or name in scheme.get("dimensions", {}) %}
    {% do return(scheme.id ~ "_" ~ name if scheme.kind == "score" and is_own else name) %}
{% endmacro %}
