{#-
    From the computed class to the final one: declared, else held, else computed. All state is a class and a
    date of an earlier day, which customer_inputs brings: `<id>__held_before`, `<id>__below_before` and
    `<id>__declared`.
-#}
{% macro final_class(scheme) %}
    {%- set id = scheme.id %}
    {%- set classes = [id ~ "_computed"] %}
    {%- if "hold" in scheme %}
        {%- do classes.insert(0, id ~ "_held") %},
        {{ held_class(scheme) }} as {{ id }}_held,
        case
            when {{ class_rank(scheme, id ~ "_computed") }} > {{ class_rank(scheme, id ~ "_held") }}
            then coalesce({{ id }}__below_before, as_of_date)
        end as {{ id }}_below_since
    {%- endif %}
    {%- if "declared" in scheme %}
        {%- do classes.insert(0, id ~ "_declared") %}, {{ id }}__declared as {{ id }}_declared
    {%- endif %},
    coalesce({{ classes | join(", ") }}) as {{ id }}
{%- endmacro %}

{#-
    A rise is immediate. A fall waits until a review finds it `days` old, and goes down at most `steps` classes
    at it, never below the computed class. Nothing is held outside the population, or of a class that the policy
    no longer has.
-#}
{% macro held_class(scheme) %}
    {%- set computed = class_rank(scheme, scheme.id ~ "_computed") %}
    {%- set before = class_rank(scheme, scheme.id ~ "__held_before") %}
    case
        when {{ computed }} is null
        then null
        when {{ before }} is null or {{ computed }} <= {{ before }}
        then {{ scheme.id }}_computed
        when
            {{ review_is_due(scheme) }}
            and {{
                days_until(
                    reviewed_on(scheme), "coalesce(" ~ scheme.id ~ "__below_before, as_of_date)"
                )
            }} >= {{ scheme.hold.days }}
        then
            case
                least({{ before }} + {{ scheme.hold.get("steps", 1) }}, {{ computed }})
                {%- for class in scheme.classes %}
                    when {{ loop.index }} then '{{ class.code }}'
                {%- endfor %}
            end
        else {{ scheme.id }}__held_before
    end
{%- endmacro %}

{#- The place of a class from the best down, from 1; NULL for what is no class of the policy. -#}
{% macro class_rank(scheme, class) -%}
    case
        {{ class }}
        {%- for each in scheme.classes %} when '{{ each.code }}' then {{ loop.index }} {%- endfor %}
    end
{%- endmacro %}

{#- Whether a day of review lies after the run before and not after this one; without one, every run is. -#}
{% macro review_is_due(scheme) -%}
    {%- if "review_day" not in scheme.hold -%} true
    {%- else -%} coalesce({{ reviewed_on(scheme) }} > previous_run_date, true)
    {%- endif -%}
{%- endmacro %}

{#- The day of the latest review: a run that comes after it decides what it would have. -#}
{% macro reviewed_on(scheme) -%}
    {%- if "review_day" not in scheme.hold -%} as_of_date
    {%- else -%} {{ last_review("as_of_date", scheme.hold.review_day) }}
    {%- endif -%}
{%- endmacro %}

{#- The latest date up to the day that has this day of the month. -#}
{% macro last_review(day, review_day) -%}
    cast(
        date_trunc('month', {{ day }})
        + interval '{{ review_day - 1 }}' day
        - case
            when extract(day from {{ day }}) < {{ review_day }}
            then interval '1' month
            else interval '0' month
        end as date
    )
{%- endmacro %}

{#- The cause of a move that came of state: what was declared began or ended, or a held fall was due. -#}
{% macro cause_of_state(scheme) %}
    {%- set arms = [] %}
    {%- if "declared" in scheme %}
        {%- set declared = scheme.id ~ "_declared" %}
        {%- do arms.append(
            "when "
            ~ declared
            ~ " is distinct from previous_"
            ~ declared
            ~ " then 'declared'"
        ) %}
    {%- endif %}
    {%- if "hold" in scheme %}
        {%- do arms.append(
            "when previous_"
            ~ scheme.id
            ~ "_below_since is not null and "
            ~ class_rank(scheme, scheme.id ~ "_held")
            ~ " > "
            ~ class_rank(scheme, "previous_" ~ scheme.id ~ "_held")
            ~ " then 'hold'"
        ) %}
    {%- endif %}
    {%- set nothing = "cast(null as " ~ dbt.type_string() ~ ")" %}
    {%- do return("case " ~ arms | join(" ") ~ " end" if arms else nothing) %}
{% endmacro %}

{#- Whether a move is among those that `follows` lists. Leaving is always allowed, and so is a first
    class: after none, `unclassified` or `unknown`. -#}
{% macro is_expected_move(schemes, moves) %}
    case
        when {{ moves }}.to_class is null
        then cast(null as boolean)
        {%- for scheme in schemes if "follows" in scheme %}
            {%- for state, before in scheme.follows.items() %}
                when {{ moves }}.scheme = '{{ scheme.id }}' and {{ moves }}.to_class = '{{ state }}'
                then
                    {%- if before == "any" %} true
                    {%- else %}
                        coalesce({{ moves }}.from_class, 'unclassified')
                        in ('{{ (["unclassified", "unknown"] + before) | join("', '") }}')
                    {%- endif %}
            {%- endfor %}
        {%- endfor %}
    end
{% endmacro %}
