// Command evaluate answers which flows NetworkPolicies let pass, by the engine of sigs.k8s.io/kube-network-policies (what kind and others enforce
// with): JSON with many worlds on standard input, one list of verdicts per world on standard output.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/network"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

// flow is the first packet of a connection.
type flow struct {
	Source          string        `json:"source"`
	Destination     string        `json:"destination"`
	Protocol        core.Protocol `json:"protocol"`
	DestinationPort int           `json:"destinationPort"`
}

// world is a cluster as far as policies look at it.
type world struct {
	Namespaces []core.Namespace           `json:"namespaces"`
	Pods       []core.Pod                 `json:"pods"`
	Policies   []networking.NetworkPolicy `json:"policies"`
	Flows      []flow                     `json:"flows"`
}

// podsByAddress tells the engine whose an address is.
type podsByAddress map[string]*api.PodInfo

func (pods podsByAddress) GetPodInfoByIP(address string) (*api.PodInfo, bool) {
	pod, found := pods[address]
	return pod, found
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "evaluate:", err)
		os.Exit(1)
	}
}

func run() error {
	var worlds []world
	if err := json.NewDecoder(os.Stdin).Decode(&worlds); err != nil {
		return err
	}
	verdicts := make([][]bool, 0, len(worlds))
	for position, each := range worlds {
		result, err := evaluate(each)
		if err != nil {
			return fmt.Errorf("world %d: %w", position, err)
		}
		verdicts = append(verdicts, result)
	}
	return json.NewEncoder(os.Stdout).Encode(verdicts)
}

func evaluate(cluster world) ([]bool, error) {
	// The informers are never started: their stores are filled here, and no API server is asked.
	factory := informers.NewSharedInformerFactory(nil, 0)
	policies := factory.Networking().V1().NetworkPolicies()
	engine := networkpolicy.NewPolicyEngine(podsOf(cluster), []api.PolicyEvaluator{
		networkpolicy.NewStandardNetworkPolicy("", factory.Core().V1().Namespaces(), factory.Core().V1().Pods(), policies),
	})
	for position := range cluster.Policies {
		policy := cluster.Policies[position]
		if err := check(policy); err != nil {
			return nil, err
		}
		if err := policies.Informer().GetIndexer().Add(&policy); err != nil {
			return nil, err
		}
	}
	verdicts := make([]bool, 0, len(cluster.Flows))
	for _, each := range cluster.Flows {
		packet := network.Packet{
			SrcIP: net.ParseIP(each.Source), DstIP: net.ParseIP(each.Destination), Proto: each.Protocol, SrcPort: 40000, DstPort: each.DestinationPort,
		}
		if packet.SrcIP == nil || packet.DstIP == nil {
			return nil, fmt.Errorf("flow from %q to %q: no addresses", each.Source, each.Destination)
		}
		verdict, err := engine.EvaluatePacket(context.Background(), &packet)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, verdict)
	}
	return verdicts, nil
}

func podsOf(cluster world) podsByAddress {
	labelsByNamespace := map[string]map[string]string{}
	for _, namespace := range cluster.Namespaces {
		labelsByNamespace[namespace.Name] = namespace.Labels
	}
	pods := podsByAddress{}
	for position := range cluster.Pods {
		pod := &cluster.Pods[position]
		info := api.NewPodInfo(pod, labelsByNamespace[pod.Namespace], nil, "")
		for _, address := range pod.Status.PodIPs {
			pods[address.IP] = info
		}
	}
	return pods
}

// check refuses what the engine would let pass as an error of its own: selectors and blocks that cannot be read.
func check(policy networking.NetworkPolicy) error {
	peers := []networking.NetworkPolicyPeer{{PodSelector: &policy.Spec.PodSelector}}
	for _, rule := range policy.Spec.Ingress {
		peers = append(peers, rule.From...)
	}
	for _, rule := range policy.Spec.Egress {
		peers = append(peers, rule.To...)
	}
	for _, peer := range peers {
		for _, selector := range []*meta.LabelSelector{peer.PodSelector, peer.NamespaceSelector} {
			if _, err := meta.LabelSelectorAsSelector(selector); err != nil {
				return fmt.Errorf("policy %s: %w", policy.Name, err)
			}
		}
		if peer.IPBlock == nil {
			continue
		}
		for _, block := range append([]string{peer.IPBlock.CIDR}, peer.IPBlock.Except...) {
			if _, _, err := net.ParseCIDR(block); err != nil {
				return fmt.Errorf("policy %s: %w", policy.Name, err)
			}
		}
	}
	return nil
}
