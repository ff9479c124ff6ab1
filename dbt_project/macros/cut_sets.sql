{#-
    Cuts: bounds that come from a ranked population. A cut set is one metric of one scheme, ranked
    among those whom the scheme ranks; its bands are the shares at which it is cut.
-#}
{#- The cut sets of a scheme: over facts and metrics (level fact) or over its own score (level score). -#}
{% macro cut_sets(scheme, level) %}
    {% set sets = {} %}
    {% if scheme.kind == "score" and level == "fact" %}
        {% for name, dimension in scheme.dimensions.items() if is_ranked(dimension) %}
            {% set parts = dimension.get("parts", 5) %}
            {% for part in range(2, parts + 1) %}
                {% do add_band(
                    sets,
                    name,
                    dict(dimension, metric=dimension.by),
                    part ~ " of " ~ parts,
                    "part",
                    part - 1,
                    parts,
                ) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {% if (scheme.kind == "score") == (level == "score") %}
        {% set ranked = scheme.get("by", "score") | string %}
        {% for class in flat_classes(scheme.get('classes', [])) %}
            {% for key in ['top', 'top_value'] if key in class %}
                {% do add_band(sets, ranked, {'metric': ranked}, key ~ ' ' ~ class[key], key, class[key].rstrip('%'), 100) %}
            {% endfor %}
            {% for match in modules.re.finditer(cut_pattern(), class.get('when', '')) %}
                {% do add_band(
                    sets,
                    match.group(1),
                    {"metric": match.group(1)},
                    match.group(3),
                    "percentile",
                    match.group(3).lstrip("p"),
                    100,
                ) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {% do return(sets.values() | list) %}
{% endmacro %}

{#- Whether a dimension ranks its values; the others hold them against fixed bounds, points, or take them. -#}
{% macro is_ranked(dimension) %}
    {% do return(not ["at_least", "points", "scored"] | select("in", dimension) | list) %}
{% endmacro %}

{#- One band of a cut set, at `share` of `whole`. The same band named twice is one cut. -#}
{% macro add_band(sets, name, ranked, band, kind, share, whole) %}
    {% if name not in sets %}
        {% do sets.update(
            {
                name: {
                    "dimension": name,
                    "metric": ranked.metric,
                    "direction": -1 if ranked.get("best") == "low" else 1,
                    "among": ranked.get("among"),
                    "bands": {},
                }
            }
        ) %}
    {% endif %}
    {% do sets[name].bands.update({band: {"kind": kind, "share": share, "whole": whole}}) %}
{% endmacro %}

{#- The column of `cuts` that holds a cut. -#}
{% macro cut_column(scheme_id, dimension, band) %}
    {% set slug = modules.re.sub(
        "[^a-z0-9]+", "_", (scheme_id ~ "__" ~ dimension ~ "__" ~ band) | lower
    ) %}
    {% do return("cuts." ~ slug.strip("_")) %}
{% endmacro %}

{% macro ranked_metric(cut_set) %}
    {%- do return(
        metric_sql(
            cut_set.metric if cut_set.metric != "score" else cut_set.scheme.id ~ "_score"
        )
    ) -%}
{% endmacro %}

{#- Whom a cut set ranks: the metric is known, and the customer among those whom the scheme ranks. -#}
{% macro is_ranked_customer(cut_set) %}
    {%- set among = (
        cut_set.among or cut_set.scheme.get("among") or cut_set.scheme.get("population")
    ) %}
    {%- do return(
        "("
        ~ expression_sql(among or "true")
        ~ ") and "
        ~ ranked_metric(cut_set)
        ~ " is not null"
    ) -%}
{% endmacro %}

{#- The cut sets of all enabled schemes, each with its scheme. -#}
{% macro all_cut_sets(level) %}
    {% set sets = [] %}
    {% for scheme in policy_schemes() %}
        {% for cut_set in cut_sets(scheme, level) %}
            {% do sets.append(dict(cut_set, scheme=scheme)) %}
        {% endfor %}
    {% endfor %}
    {% do return(sets) %}
{% endmacro %}
