package governance

// check looks for what is well-formed and makes no sense all the same.
func (d *decoder) check(p *Plan) {
	for scenario, target := range p.Targets.RTO {
		if target == 0 {
			d.find(d.at["targets.rto."+string(scenario)], "targets.rto.%s: no recovery takes no time: give more than 0s, or leave it out for the playbook's", scenario)
		}
	}
	d.checkRisks(p)
}
