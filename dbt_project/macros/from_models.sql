{#- Which classes nothing but the output of a fitted model decides; see outside_population. -#}
{#- Of each fact whether a model puts it out, as its yml tags it. -#}
{% macro facts_from_models() %}
    {% set facts = {} %}
    {% for column in (
        graph.nodes["model." ~ project_name ~ ".customer_facts"].columns.values()
        if execute
        else []
    ) %}
        {% do facts.update({column.name: "model_output" in column.config.meta}) %}
    {% endfor %}
    {% do return(facts) %}
{% endmacro %}

{#- What decides on a class of the scheme; whom it classifies or ranks decides on nobody's. -#}
{% macro deciding_expressions(scheme) %}
    {% set expressions = [scheme.get("by", "")] %}
    {% for dimension in scheme.get("dimensions", {}).values() %}
        {% do expressions.append(dimension.by) %}
    {% endfor %}
    {% for class in flat_classes(scheme.get("classes", [])) %}
        {% do expressions.append(class.get("when", "")) %}
    {% endfor %}
    {% do return(expressions | join(" ")) %}
{% endmacro %}

{#- Whether an expression names what models put out, and nothing else. -#}
{% macro is_from_models(expression, from_models) %}
    {% set named = [] %}
    {% for word in words_of(modules.re.sub("'[^']*'", "", expression)) if word in from_models %}
        {% do named.append(from_models[word]) %}
    {% endfor %}
    {% do return(named != [] and false not in named) %}
{% endmacro %}
