{#- Reads the policy: the `config.meta` of the enabled themes, in the order of their chain. -#}
{#- Every enabled scheme, each with its theme and the hash of all that decides its computed class. -#}
{#- Read once for all models that ask; the graph is what they share. Nobody may change what is returned. -#}
{% macro policy_schemes() %}
    {% if not execute %} {% do return([]) %} {% endif %}
    {% set key = "schemes of " ~ var("themes") | join(", ") %}
    {% if key not in graph %} {% do graph.update({key: read_schemes()}) %} {% endif %}
    {% do return(graph[key]) %}
{% endmacro %}

{% macro read_schemes() %}
    {% set schemes = [] %}
    {% set hashes = {} %}
    {% set from_models = facts_from_models() %}
    {% set behind = {} %}
    {% for name, is_from_model in from_models.items() if is_from_model %}
        {% do behind.update({name: [name]}) %}
    {% endfor %}
    {% for theme in var("themes") %}
        {% set meta = theme_meta(theme) %}
        {% do hashes.update(meta.get("attributes", {})) %}
        {% do from_models.update(dict.fromkeys(meta.get("attributes", {}), false)) %}
        {% for metric, expression in meta.get("metrics", {}).items() %}
            {% do hashes.update({metric: conditions_hash(expression, hashes)}) %}
            {% do from_models.update({metric: is_from_models(expression, from_models)}) %}
            {% do behind.update({metric: all_behind(expression, behind)}) %}
        {% endfor %}
        {% for scheme in meta.schemes %}
            {% set conditions = tojson(scheme_conditions(scheme), sort_keys=true) %}
            {% set hash = conditions_hash(conditions, hashes) %}
            {% set alone = is_from_models(deciding_expressions(scheme), from_models) %}
            {% set rests_on = all_behind(moving_expressions(scheme), behind) + [scheme.id] %}
            {% do schemes.append(
                dict(
                    scheme,
                    theme=theme,
                    conditions_hash=hash,
                    is_from_model_alone=alone,
                    rests_on=rests_on,
                )
            ) %}
            {% for column in scheme_columns(scheme) %}
                {% do hashes.update({column: hash}) %}
                {% do from_models.update({column: alone}) %}
                {% do behind.update({column: rests_on}) %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
    {% do return(schemes) %}
{% endmacro %}

{#- The enabled schemes whose classes are published; those of sensitive schemes never are. -#}
{% macro public_schemes() %}
    {% do return(policy_schemes() | rejectattr("sensitive", "defined") | list) %}
{% endmacro %}

{% macro sensitive_schemes() %}
    {% do return(policy_schemes() | selectattr("sensitive", "defined") | list) %}
{% endmacro %}

{#- The `config.meta` of one theme. Empty while dbt parses: meta can be read only while it compiles. -#}
{% macro theme_meta(theme) %}
    {% do return(graph.nodes["model." ~ project_name ~ "." ~ theme].config.meta) %}
{% endmacro %}

{#- What the enabled themes say under `metrics`, `attributes` or `labels`, by name, in chain order. -#}
{% macro policy_names(key) %}
    {% set names = {} %}
    {% for theme in (var("themes") if execute else []) %}
        {% do names.update(theme_meta(theme).get(key, {})) %}
    {% endfor %}
    {% do return(names) %}
{% endmacro %}

{#- The attributes and metrics that published schemes name: shown beside the classes made of them. -#}
{% macro published_measures() %}
    {% set words = [] %}
    {% for scheme in public_schemes() %}
        {% do words.extend(words_of(tojson(scheme_conditions(scheme)))) %}
    {% endfor %}
    {% set defined = dict(policy_names("attributes"), **policy_names("metrics")) %}
    {% do return(defined.keys() | select("in", words) | list) %}
{% endmacro %}

{#- A scheme without what only describes it, or comes after the computed class: neither a new label
    nor a longer hold opens a new period. -#}
{% macro scheme_conditions(scheme) %}
    {% set others = [
        "label",
        "description",
        "groups",
        "follows",
        "hold",
        "declared",
        "sensitive",
        "uses_sensitive",
        "expects",
    ] %}
    {% set conditions = without(scheme, others) %}
    {% if "dimensions" in scheme %}
        {% set dimensions = {} %}
        {% for name, dimension in scheme.dimensions.items() %}
            {% do dimensions.update({name: without(dimension, ["label"])}) %}
        {% endfor %}
        {% do conditions.update({"dimensions": dimensions}) %}
    {% endif %}
    {% do return(dict(conditions, classes=class_conditions(scheme.get("classes", [])))) %}
{% endmacro %}

{% macro class_conditions(classes) %}
    {% set conditions = [] %}
    {% for class in classes %}
        {% set condition = without(class, ["en", "zh", "aliases", "share", "classes"]) %}
        {% if "classes" in class %}
            {% do condition.update({"classes": class_conditions(class.classes)}) %}
        {% endif %}
        {% do conditions.append(condition) %}
    {% endfor %}
    {% do return(conditions) %}
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
    {% for word in words_of(conditions) | unique | sort if word in hashes %}
        {% do named.append(hashes[word]) %}
    {% endfor %}
    {% do return(local_md5(conditions ~ named | join)) %}
{% endmacro %}

{#- The schemes, and the facts that models put out, that expressions come down to; `behind` tells it of each name. -#}
{% macro all_behind(expressions, behind) %}
    {% set found = [] %}
    {% set unquoted = modules.re.sub("'[^']*'", "", expressions) %}
    {% for word in words_of(unquoted) | unique if word in behind %}
        {% do found.extend(behind[word]) %}
    {% endfor %}
    {% do return(found | unique | list) %}
{% endmacro %}

{#- What can move a customer into a class of the scheme, out of one, or out of its population. -#}
{% macro moving_expressions(scheme) %}
    {% do return([deciding_expressions(scheme), scheme.get("population", "")] | join(" ")) %}
{% endmacro %}

{#- A row for each scheme and each that it rests on, itself among them. -#}
{% macro what_schemes_rest_on(schemes) %}
    {%- if schemes %}
        select named.scheme, named.rests_on
        from
            (
                values
                    {%- for scheme in schemes %}
                        {%- for name in scheme.rests_on %}
                            ('{{ scheme.id }}', '{{ name }}'){{ "," if not loop.last }}
                        {%- endfor %} {{- "," if not loop.last }}
                    {%- endfor %}
            ) as named(scheme, rests_on)
    {%- else %}
        select
            cast(null as {{ dbt.type_string() }}) as scheme,
            cast(null as {{ dbt.type_string() }}) as rests_on
        where false
    {%- endif %}
{% endmacro %}

{#- Hash of what comes after the computed class: a hold, and what a person may declare. -#}
{% macro state_hash(scheme) %}
    {% set state = {"hold": scheme.get("hold"), "declared": scheme.get("declared")} %}
    {% do return(local_md5(tojson(state, sort_keys=true))) %}
{% endmacro %}

{% macro words_of(text) %}
    {% do return(modules.re.findall("[a-z_][a-z0-9_]*", text)) %}
{% endmacro %}
