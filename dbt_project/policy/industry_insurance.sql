{{ classify() }}
