// Command manifests prints, as one JSON array, what KubeVirt's own operator would install for virt-api, virt-controller and
// virt-handler: custom resource definitions, roles, webhook configurations, aggregated API services and the priority class.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	aggregation "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"kubevirt.io/kubevirt/pkg/virt-operator/resource/generate/components"
	"kubevirt.io/kubevirt/pkg/virt-operator/resource/generate/rbac"
)

const namespace = "kubevirt"

func main() {
	objects, err := manifests()
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(objects)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "manifests:", err)
		os.Exit(1)
	}
}

func manifests() ([]runtime.Object, error) {
	objects, err := customResourceDefinitions()
	if err != nil {
		return nil, err
	}
	objects = append(objects, rbac.GetAllCluster()...)
	objects = append(objects, rbac.GetAllApiServer(namespace)...)
	objects = append(objects, rbac.GetAllController(namespace, false)...)
	objects = append(objects, rbac.GetAllHandler(namespace)...)
	objects = append(objects,
		components.NewVirtAPIMutatingWebhookConfiguration(namespace),
		components.NewVirtAPIValidatingWebhookConfiguration(namespace),
		components.NewKubeVirtPriorityClassCR())
	for _, service := range components.NewVirtAPIAPIServices(namespace) {
		objects = append(objects, service)
	}
	return objects, withKinds(objects)
}

func customResourceDefinitions() ([]runtime.Object, error) {
	constructors := []func() (*extensions.CustomResourceDefinition, error){
		components.NewVirtualMachineInstanceCrd,
		components.NewVirtualMachineCrd,
		components.NewPresetCrd,
		components.NewReplicaSetCrd,
		components.NewVirtualMachineInstanceMigrationCrd,
		components.NewKubeVirtCrd,
		components.NewVirtualMachinePoolCrd,
		components.NewVirtualMachineSnapshotCrd,
		components.NewVirtualMachineSnapshotContentCrd,
		components.NewVirtualMachineRestoreCrd,
		components.NewVirtualMachineExportCrd,
		components.NewVirtualMachineBackupCrd,
		components.NewVirtualMachineBackupTrackerCrd,
		components.NewVirtualMachineInstancetypeCrd,
		components.NewVirtualMachineClusterInstancetypeCrd,
		components.NewVirtualMachinePreferenceCrd,
		components.NewVirtualMachineClusterPreferenceCrd,
		components.NewMigrationPolicyCrd,
		components.NewVirtualMachineCloneCrd,
	}
	var objects []runtime.Object
	for _, construct := range constructors {
		definition, err := construct()
		if err != nil {
			return nil, err
		}
		objects = append(objects, definition)
	}
	return objects, nil
}

// withKinds fills in apiVersion and kind where the generators leave them out.
func withKinds(objects []runtime.Object) error {
	for _, add := range []func(*runtime.Scheme) error{extensions.AddToScheme, aggregation.AddToScheme} {
		if err := add(scheme.Scheme); err != nil {
			return err
		}
	}
	for _, object := range objects {
		if object.GetObjectKind().GroupVersionKind() != (schema.GroupVersionKind{}) {
			continue
		}
		kinds, _, err := scheme.Scheme.ObjectKinds(object)
		if err != nil {
			return err
		}
		object.GetObjectKind().SetGroupVersionKind(kinds[0])
	}
	return nil
}
