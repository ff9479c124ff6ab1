{#- What makes a row unfit, as {fails, problem}: the first that fails is the problem. -#}
{% macro row_tests(table) %}
    {%- set columns = canonical_columns(table) %}
    {%- set tests = [{"fails": "_malformed is not null", "problem": "'malformed_record:'"}] %}
    {%- do tests.extend(blank_tests(canonical_meta(table), columns)) %}
    {%- for column in columns if column.type != "text" %}
        {%- do tests.append(
            {
                "fails": column.name ~ " is null and " ~ column.text ~ " is not null",
                "problem": untyped_reason(column.text, column.type)
                ~ " || ':"
                ~ column.name
                ~ "'",
            }
        ) %}
    {%- endfor %}
    {%- for column in columns if column["values"] %}
        {%- do tests.append(
            {
                "fails": column.name ~ " not in ('" ~ column["values"]
                | join("', '") ~ "')",
                "problem": "'unknown_value:" ~ column.name ~ "'",
            }
        ) %}
    {%- endfor %}
    {%- for check in canonical_meta(table).get("checks", []) %}
        {%- do tests.append(
            {"fails": check.bad, "problem": "'" ~ check.reason ~ ":" ~ check.column ~ "'"}
        ) %}
    {%- endfor %}
    {%- do return(tests) %}
{% endmacro %}

{#- Blank keys and required columns. A row that only says that its key was deleted needs no more. -#}
{% macro blank_tests(meta, columns) %}
    {%- set tests = [] %}
    {%- set key = meta.get("key", []) %}
    {%- set unless_deleted = " and not coalesce(is_deleted, false)" %}
    {%- for column in columns if column.name in key %}
        {%- do tests.append(
            {
                "fails": column.text ~ " is null",
                "problem": "'blank_key:" ~ column.name ~ "'",
            }
        ) %}
    {%- endfor %}
    {%- for column in columns if column.name in meta.get("required", []) and column.name not in key %}
        {%- do tests.append(
            {
                "fails": column.text ~ " is null" ~ unless_deleted,
                "problem": "'missing_required:" ~ column.name ~ "'",
            }
        ) %}
    {%- endfor %}
    {%- for either in meta.get("either", []) %}
        {%- do tests.append(
            {
                "fails": "coalesce(" ~ either
                | join(", ") ~ ") is null" ~ unless_deleted,
                "problem": "'missing_required:" ~ either[0] ~ "'",
            }
        ) %}
    {%- endfor %}
    {%- do return(tests) %}
{% endmacro %}
