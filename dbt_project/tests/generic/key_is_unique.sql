{#- No row lacks a part of its key, and no two rows share it. -#}
{% test key_is_unique(model, columns) %} {{ faulty_keys(model, columns) }} {% endtest %}
