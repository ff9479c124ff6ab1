{#- Reads the policy: the `config.meta` of the enabled themes, in the order of their chain. -#}
{#- Every enabled scheme, each with its theme and the hash of all that decides its classes. -#}
{% macro policy_schemes() %}
    {% set schemes = [] %}
    {% set hashes = {} %}
    {% for theme in (var("themes") if execute else []) %}
        {% set meta = theme_meta(theme) %}
        {% for metric, expression in meta.get("metrics", {}).items() %}
            {% do hashes.update({metric: conditions_hash(expression, hashes)}) %}
        {% endfor %}
        {% for scheme in meta.schemes %}
            {% set conditions = tojson(scheme_conditions(scheme), sort_keys=true) %}
            {% do hashes.update({scheme.id: conditions_hash(conditions, hashes)}) %}
            {% do schemes.append(dict(scheme, theme=theme, conditions_hash=hashes[scheme.id])) %}
        {% endfor %}
    {% endfor %}
    {% do return(schemes) %}
{% endmacro %}

{#- The `config.meta` of one theme. Empty while dbt parses: meta can be read only while it compiles. -#}
{% macro theme_meta(theme) %}
    {% do return(graph.nodes["model." ~ project_name ~ "." ~ theme].config.meta) %}
{% endmacro %}

{#- A scheme without what only describes it: a new label moves nobody and opens no new period. -#}
{% macro scheme_conditions(scheme) %}
    {% set conditions = without(scheme, ["label", "description", "groups", "follows", "expects"]) %}
    {% set classes = [] %}
    {% for class in scheme.get('classes', []) %}
        {% do classes.append(without(class, ['en', 'zh', 'aliases', 'share'])) %}
    {% endfor %}
    {% do return(dict(conditions, classes=classes)) %}
{% endmacro %}

{% macro without(mapping, keys) %}
    {% set rest = {} %}
    {% for key, value in mapping.items() if key not in keys %}
        {% do rest.update({key: value}) %}
    {% endfor %}
    {% do return(rest) %}
{% endmacro %}

{#- Hash of a condition and of every metric and scheme that it names, so that a change travels. -#}
{% macro conditions_hash(conditions, hashes) %}
    {% set named = [] %}
    {% for word in modules.re.findall('[a-z_][a-z0-9_]*', conditions) | unique | sort if word in hashes %}
        {% do named.append(hashes[word]) %}
    {% endfor %}
    {% do return(local_md5(conditions ~ named | join)) %}
{% endmacro %}
