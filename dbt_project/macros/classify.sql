{#-
    The one line of every theme model: the columns of the theme before it, then its own schemes, from
    the policy under `config.meta` of the model. A theme that the var `themes` leaves out is disabled.
-#}
{% macro classify() %}
    {% set themes = var("themes") %}
    {{ config(enabled=model.name in themes, materialized="view", schema="classification") }}
    {% if model.name in themes %}
        {% set place = themes.index(model.name) %}
        {% set before = ref(themes[place - 1]) if place else ref("customer_inputs") %}
        {% set cuts = ref("cuts_in_force") %}
        {% set schemes = policy_schemes() | selectattr("theme", "equalto", model.name) | list %}
        with
            customers as (select * from {{ before }}),
            {{ cuts_cte(schemes, cuts) }}
            classified as (
                select customers.* {%- for scheme in schemes %} {{ scheme_sql(scheme) }}{% endfor %}
                from customers
                cross join cuts
            )
        select *
        from classified
    {% endif %}
{% endmacro %}

{#- `cuts`: one row, a column per cut of these schemes and the population that it ranked. -#}
{% macro cuts_cte(schemes, cuts, levels=["fact", "score"]) %}
    cuts as (
        select
            {%- for scheme in schemes %}
                {%- for level in levels %}
                    {%- for cut_set in cut_sets(scheme, level) %}
                        {%- for band in cut_set.bands %}
                            max(
                                case
                                    when
                                        scheme = '{{ scheme.id }}'
                                        and dimension = '{{ cut_set.dimension }}'
                                        and band = '{{ band }}'
                                    then bound
                                end
                            ) as {{ cut_column(scheme.id, cut_set.dimension, band).split(".")[1] }},
                        {%- endfor %}
                    {%- endfor %}
                {%- endfor %}
                {%- if "min_population" in scheme %}
                    max(
                        case when scheme = '{{ scheme.id }}' then population end
                    ) as {{ scheme.id }}__population,
                {%- endif %}
            {%- endfor %}
            count(*) as cut_count
        from {{ cuts }}
    ),
{% endmacro %}

{#- The columns that a scheme adds, each with a comma before it (see scheme_columns). -#}
{% macro scheme_sql(scheme) %}
    {%- if scheme.kind == "score" %} {{ score_columns(scheme) }}{% endif %}
    {%- if scheme.get("many") %}
        {%- for class in scheme.classes %}
            ,
            case
                when {{ outside_population(scheme) }}
                then null
                else coalesce({{ condition_sql(scheme, class.when) }}, false)
            end as {{ scheme.id }}_{{ class.code }}
        {%- endfor %}
    {%- elif has_state(scheme) %}
        , {{ computed_class(scheme) }} as {{ scheme.id }}_computed {{ final_class(scheme) }}
    {%- else %}, {{ computed_class(scheme) }} as {{ scheme.id }}
    {%- endif %}
{%- endmacro %}

{#- The class of the policy, from the day's numbers alone. -#}
{% macro computed_class(scheme) %}
    case
        when {{ outside_population(scheme) }}
        then null
        {%- if scheme.kind == "attribute" %}
            when {{ scheme.by }} is null
            then 'unknown'
            {%- if "classes" in scheme %}
                when
                    {{ as_text(scheme.by) }}
                    not in ('{{ scheme.classes | map(attribute="code") | join("', '") }}')
                then 'unclassified'
            {%- endif %}
            else {{ as_text(scheme.by) }}
        {%- else %}
                {{ class_arms(scheme, scheme.classes) }}
            else '{{ scheme.get("nothing", "unclassified") }}'
        {%- endif %}
    end
{%- endmacro %}

{#- The arms of a CASE over sibling classes. In a tree the first sibling that fits is entered for good. -#}
{% macro class_arms(scheme, classes, path="") %}
    {%- for class in classes %}
        {%- set code = path ~ class.code %}
        when {{ class_condition(scheme, class) }}
        then
            {%- if "classes" in class %}
                case {{ class_arms(scheme, class.classes, code ~ ".") }} else '{{ code }}' end
            {%- else %} '{{ code }}'
            {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#- True for whom the scheme says nothing: outside its population, or one too small to be ranked; or a
    model alone would decide on a customer who opted out. -#}
{% macro outside_population(scheme) %}
    {%- set tests = [] %}
    {%- if "population" in scheme %}
        {%- do tests.append("not coalesce(" ~ expression_sql(scheme.population) ~ ", false)") %}
    {%- endif %}
    {%- if scheme.get("is_from_model_alone") %}
        {%- do tests.append("coalesce(is_opted_out, false)") %}
    {%- endif %}
    {%- if "min_population" in scheme %}
        {%- do tests.append("cuts." ~ scheme.id ~ "__population < " ~ scheme.min_population) %}
    {%- endif %}
    {%- do return(tests | join(" or ") or "false") %}
{% endmacro %}

{#- All that a class asks for. A last class without a bound takes the rest, but never a NULL metric. -#}
{% macro class_condition(scheme, class) %}
    {%- set measure = metric_sql(scheme.by) if scheme.kind == "ladder" else scheme.id ~ "_score" %}
    {%- set tests = [] %}
    {%- if 'at_least' in class %}
        {% do tests.append(measure ~ ' >= ' ~ class.at_least) %}
    {% endif %}
    {%- for key in ['top', 'top_value'] if key in class %}
        {%- set ranked = scheme.get("by", "score") | string %}
        {%- do tests.append(measure ~ ' >= ' ~ cut_column(scheme.id, ranked, key ~ ' ' ~ class[key])) %}
    {%- endfor %}
    {%- if 'when' in class %}
        {% do tests.append('(' ~ condition_sql(scheme, class.when) ~ ')') %}
    {% endif %}
    {%- if not tests %}
        {%- do tests.append('true' if class.get('otherwise') else measure ~ ' is not null') %}
    {%- endif %}
    {%- do return(tests | join(" and ")) %}
{% endmacro %}
