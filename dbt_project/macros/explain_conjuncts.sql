{#-
    The conditions that a condition joins by `and`, each as text; `x between a and b` is two of them. What
    stands in quotes, parentheses or a case is left alone, and so is all that an `or` joins.
-#}
{% macro conjuncts(condition) %}
    {% set found = [] %}
    {% for text in split_at_and(condition) %}
        {% set between = modules.re.fullmatch("(?i)([a-z]\\w*) +between +(.+?) +and +(.+)", text) %}
        {% if between %}
            {% do found.append(between.group(1) ~ " >= " ~ between.group(2)) %}
            {% do found.append(between.group(1) ~ " <= " ~ between.group(3)) %}
        {% elif is_wrapped(text) %} {% do found.extend(conjuncts(text[1:-1])) %}
        {% elif text %} {% do found.append(text) %}
        {% endif %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}

{% macro split_at_and(condition) %}
    {% set parts = [""] %}
    {% set at = namespace(depth=0, is_between=false, has_or=false) %}
    {% for token in modules.re.findall("'[^']*'|\\w+|\\s+|.", condition) %}
        {% set word = token | lower %}
        {% if word in ("(", "case") %} {% set at.depth = at.depth + 1 %}
        {% elif word in (")", "end") %} {% set at.depth = at.depth - 1 %}
        {% endif %}
        {% if at.depth == 0 and word == "and" and not at.is_between %} {% do parts.append("") %}
        {% else %} {% do parts.append(parts.pop() ~ (" " if token.isspace() else token)) %}
        {% endif %}
        {% if at.depth == 0 and word in ("and", "between") %}
            {% set at.is_between = word == "between" %}
        {% endif %}
        {% if at.depth == 0 and word == "or" %} {% set at.has_or = true %} {% endif %}
    {% endfor %}
    {% do return([condition | trim] if at.has_or else parts | map("trim") | list) %}
{% endmacro %}

{#- Whether one pair of parentheses holds all of a text. -#}
{% macro is_wrapped(text) %}
    {% if not (text.startswith("(") and text.endswith(")")) %} {% do return(false) %} {% endif %}
    {% set at = namespace(depth=0, is_inside=true) %}
    {% for token in modules.re.findall("'[^']*'|[()]", text[1:-1]) %}
        {% set at.depth = at.depth + {"(": 1, ")": -1}.get(token, 0) %}
        {% if at.depth < 0 %} {% set at.is_inside = false %} {% endif %}
    {% endfor %}
    {% do return(at.is_inside) %}
{% endmacro %}
