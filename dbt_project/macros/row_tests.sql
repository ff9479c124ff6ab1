{#-
    What makes a row unfit, as {fails, problem}: the first that fails is the problem. A row that says that
    its key was deleted needs no more than to say so: whatever else it holds counts nowhere.
-#}
{% macro row_tests(table) %}
    {%- set meta = canonical_meta(table) %}
    {%- set columns = canonical_columns(table) %}
    {%- set key = columns | selectattr("name", "in", meta.get("key", [])) | list %}
    {%- set version = columns | selectattr("name", "in", ["updated_at", "is_deleted"]) | list %}
    {%- set others = columns | reject("in", key + version) | list %}
    {%- set tests = [{"fails": "_malformed is not null", "problem": "'malformed_record:'"}] %}
    {%- do tests.extend(blank_tests(key, "blank_key")) %}
    {%- do tests.extend(untyped_tests(key + version)) %}
    {%- do tests.append({"fails": "is_deleted", "problem": "null"}) %}
    {%- set required = others | selectattr("name", "in", meta.get("required", [])) | list %}
    {%- do tests.extend(blank_tests(required, "missing_required")) %}
    {%- for either in meta.get("either", []) %}
        {%- do tests.append(
            {
                "fails": "coalesce(" ~ either | join(", ") ~ ") is null",
                "problem": "'missing_required:" ~ either[0] ~ "'",
            }
        ) %}
    {%- endfor %}
    {%- do tests.extend(untyped_tests(others)) %}
    {%- for column in columns if column["values"] %}
        {%- do tests.append(
            {
                "fails": column.name ~ " not in ('" ~ column["values"]
                | join("', '") ~ "')",
                "problem": "'unknown_value:" ~ column.name ~ "'",
            }
        ) %}
    {%- endfor %}
    {%- for check in meta.get("checks", []) %}
        {%- do tests.append(
            {"fails": check.bad, "problem": "'" ~ check.reason ~ ":" ~ check.column ~ "'"}
        ) %}
    {%- endfor %}
    {%- do return(tests) %}
{% endmacro %}

{#- Columns without a text. -#}
{% macro blank_tests(columns, reason) %}
    {%- set tests = [] %}
    {%- for column in columns %}
        {%- do tests.append(
            {
                "fails": column.text ~ " is null",
                "problem": "'" ~ reason ~ ":" ~ column.name ~ "'",
            }
        ) %}
    {%- endfor %}
    {%- do return(tests) %}
{% endmacro %}

{#- Columns with a text that is not of their type. -#}
{% macro untyped_tests(columns) %}
    {%- set tests = [] %}
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
    {%- do return(tests) %}
{% endmacro %}
