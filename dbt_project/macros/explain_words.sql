{#- The words of explanations: SQL that says why a part of a class holds, in English or in Chinese. -#}
{% macro words(language) %}
    {% if language == "en" %}
        {% do return(
            {
                "is": " is ",
                ">=": ", at least ",
                ">": ", above ",
                "<=": ", at most ",
                "<": ", below ",
                "=": "",
                "top": "top ",
                "top_value": "makes the first ",
                "holds": ("“", "” holds"),
                "list": (" (", ", ", ")"),
                "and": "; ",
                "yes": "yes",
                "no": "no",
                "unknown": "unknown",
                "rest": "no class before it fits",
                "short": ", short of every better class",
                "unclassified": "no class fits",
                "missing": "; what is unknown does not count",
                "left": "Left as soon as a class before it fits.",
                "each_left": "Each is left when its condition no longer holds.",
                "changed": ("Left when ", " changes."),
            }
        ) %}
    {% endif %}
    {% do return(
        {
            "is": "为 ",
            ">=": "，达到下限 ",
            ">": "，高于 ",
            "<=": "，不超过 ",
            "<": "，低于 ",
            "=": "",
            "top": "前 ",
            "top_value": "累计占比前 ",
            "holds": ("满足“", "”"),
            "list": ("（", "，", "）"),
            "and": "；",
            "yes": "是",
            "no": "否",
            "unknown": "未知",
            "rest": "不符合更靠前的类别",
            "short": "，未达到更高类别的下限",
            "unclassified": "不符合任何类别",
            "missing": "；未知项不计入",
            "left": "一旦符合更靠前的类别即离开。",
            "each_left": "任一条件不再满足时离开相应类别。",
            "changed": ("", "变化时离开。"),
        }
    ) %}
{% endmacro %}

{#- The value of a column. -#}
{% macro value_in_words(column, language) %}
    {% set words = words(language) %}
    {% if column.type == "boolean" %}
        {% do return(
            "case when "
            ~ column.sql
            ~ " then '"
            ~ words.yes
            ~ "' when not "
            ~ column.sql
            ~ " then '"
            ~ words.no
            ~ "' else '"
            ~ words.unknown
            ~ "' end"
        ) %}
    {% endif %}
    {% do return("coalesce(" ~ column.text ~ ", '" ~ words.unknown ~ "')") %}
{% endmacro %}

{#- `net amount is 12,345.60` -#}
{% macro equals_in_words(column, language) %}
    {% set name = text_literal(column[language] ~ words(language)["is"]) %}
    {% do return(name ~ " || " ~ value_in_words(column, language)) %}
{% endmacro %}

{#- `net amount is 12,345.60, at least 10,000 (p90)` -#}
{% macro compares_in_words(compared, language) %}
    {% set words = words(language) %}
    {% set left, comma, right = words["list"] %}
    {% set notes = [compared.said[language]] if compared.said else [] %}
    {% for key, share in compared.get("shares", {}).items() %}
        {% do notes.append(words[key] ~ share) %}
    {% endfor %}
    {% set note = left ~ notes | join(comma) ~ right if notes else "" %}
    {% set beginning = equals_in_words(compared.measure, language) ~ " || " %}
    {% if compared.comparison == "=" %} {% do return(beginning ~ "''") %} {% endif %}
    {% set word = words[compared.comparison] %}
    {% if is_number(compared.value) %}
        {% do return(beginning ~ text_literal(word ~ grouped(compared.value) ~ note)) %}
    {% endif %}
    {% set bound = "coalesce(" ~ number_text(compared.value) ~ ", '" ~ words.unknown ~ "')" %}
    {% do return([beginning ~ text_literal(word), bound, text_literal(note)] | join(" || ")) %}
{% endmacro %}

{#- A condition as it stands in the policy, and the values that it names. -#}
{% macro holds_in_words(text, columns, language) %}
    {% set opening, closing = words(language).holds %}
    {% do return(
        text_literal(opening ~ text ~ closing)
        ~ " || "
        ~ values_in_words(columns, language)
    ) %}
{% endmacro %}

{#- ` (purchases 4, net amount 12,345.60)`; the day is the same for all. -#}
{% macro values_in_words(columns, language) %}
    {% set left, comma, right = words(language)["list"] %}
    {% set values = [] %}
    {% for column in columns if column.name != "as_of_date" %}
        {% do values.append(
            text_literal(column[language] | trim ~ " ")
            ~ " || "
            ~ value_in_words(column, language)
        ) %}
    {% endfor %}
    {% do return(
        [
            text_literal(left),
            values | join(" || '" ~ comma ~ "' || "),
            text_literal(right),
        ]
        | join(" || ")
        if values
        else "''"
    ) %}
{% endmacro %}

{#- A literal as `number_text` would write its value. -#}
{% macro grouped(literal) %}
    {% set whole, _, decimals = literal.lstrip("-").partition(".") %}
    {% set decimals = decimals.rstrip("0") %}
    {% set sign = "-" if literal.startswith("-") else "" %}
    {% do return(
        sign
        ~ "{:,}".format(whole | int)
        ~ ("." ~ decimals.ljust(2, "0") if decimals else "")
    ) %}
{% endmacro %}
