package main

import (
	"context"
	"strconv"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	zoneKey     = "topology.kubernetes.io/zone"
	gib         = 1 << 30
	defaultSize = gib
)

type controller struct {
	csi.UnimplementedControllerServer
	store *store
}

func (c *controller) ControllerGetCapabilities(context.Context, *csi.ControllerGetCapabilitiesRequest) (*csi.ControllerGetCapabilitiesResponse, error) {
	capabilities := []*csi.ControllerServiceCapability{}
	for _, kind := range []csi.ControllerServiceCapability_RPC_Type{
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_VOLUME,
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_SNAPSHOT,
		csi.ControllerServiceCapability_RPC_LIST_SNAPSHOTS,
		csi.ControllerServiceCapability_RPC_CLONE_VOLUME,
		csi.ControllerServiceCapability_RPC_EXPAND_VOLUME,
	} {
		rpc := &csi.ControllerServiceCapability_RPC{Type: kind}
		capabilities = append(capabilities, &csi.ControllerServiceCapability{Type: &csi.ControllerServiceCapability_Rpc{Rpc: rpc}})
	}
	return &csi.ControllerGetCapabilitiesResponse{Capabilities: capabilities}, nil
}

// Makes a volume; one of the name that is there already is answered as it is.
func (c *controller) CreateVolume(ctx context.Context, request *csi.CreateVolumeRequest) (*csi.CreateVolumeResponse, error) {
	if err := fault(ctx, request.GetParameters()); err != nil {
		return nil, err
	}
	c.store.mutex.Lock()
	defer c.store.mutex.Unlock()
	if known := c.store.Volumes[request.GetName()]; known != nil {
		return created(known, request), nil
	}
	made := &volume{Id: request.GetName(), Bytes: max(request.GetCapacityRange().GetRequiredBytes(), defaultSize), Content: request.GetName()}
	if maximum, err := strconv.ParseInt(request.GetParameters()[maximumParameter], 10, 64); err == nil && made.Bytes > maximum*gib {
		return nil, status.Errorf(codes.OutOfRange, "volumes of this class have %d GiB at most", maximum)
	}
	if source := request.GetVolumeContentSource(); source != nil {
		content, bytes, err := c.contentOf(source)
		if err != nil {
			return nil, err
		}
		if made.Bytes < bytes {
			return nil, status.Errorf(codes.OutOfRange, "%d bytes are fewer than the %d of the source", made.Bytes, bytes)
		}
		made.Content = content
	}
	zone, err := zoneFor(request)
	if err != nil {
		return nil, err
	}
	made.Zone = zone
	c.store.Volumes[made.Id] = made
	return created(made, request), c.store.save()
}

func created(made *volume, request *csi.CreateVolumeRequest) *csi.CreateVolumeResponse {
	answer := &csi.Volume{
		VolumeId:      made.Id,
		CapacityBytes: made.Bytes,
		VolumeContext: map[string]string{"content": made.Content},
		ContentSource: request.GetVolumeContentSource(),
	}
	if made.Zone != "" {
		answer.AccessibleTopology = []*csi.Topology{{Segments: map[string]string{zoneKey: made.Zone}}}
	}
	return &csi.CreateVolumeResponse{Volume: answer}
}

// The mutex must be held.
func (c *controller) contentOf(source *csi.VolumeContentSource) (string, int64, error) {
	if from := source.GetSnapshot(); from != nil {
		if known := c.store.Snapshots[from.GetSnapshotId()]; known != nil {
			return known.Content, known.Bytes, nil
		}
		return "", 0, status.Errorf(codes.NotFound, "snapshot %s does not exist", from.GetSnapshotId())
	}
	id := source.GetVolume().GetVolumeId()
	if known := c.store.Volumes[id]; known != nil {
		return known.Content, known.Bytes, nil
	}
	return "", 0, status.Errorf(codes.NotFound, "volume %s does not exist", id)
}

// The first zone that is preferred, else possible, and that the class has.
func zoneFor(request *csi.CreateVolumeRequest) (string, error) {
	requirements := request.GetAccessibilityRequirements()
	if requirements == nil {
		return "", nil
	}
	for _, topology := range append(requirements.GetPreferred(), requirements.GetRequisite()...) {
		zone := topology.GetSegments()[zoneKey]
		if zone != "" && offers(request.GetParameters(), zone) {
			return zone, nil
		}
	}
	return "", status.Error(codes.ResourceExhausted, "none of the zones asked for has such volumes")
}

func (c *controller) DeleteVolume(_ context.Context, request *csi.DeleteVolumeRequest) (*csi.DeleteVolumeResponse, error) {
	c.store.mutex.Lock()
	defer c.store.mutex.Unlock()
	delete(c.store.Volumes, request.GetVolumeId())
	return &csi.DeleteVolumeResponse{}, c.store.save()
}

func (c *controller) ControllerExpandVolume(_ context.Context, request *csi.ControllerExpandVolumeRequest) (*csi.ControllerExpandVolumeResponse, error) {
	c.store.mutex.Lock()
	defer c.store.mutex.Unlock()
	known := c.store.Volumes[request.GetVolumeId()]
	if known == nil {
		return nil, status.Errorf(codes.NotFound, "volume %s does not exist", request.GetVolumeId())
	}
	known.Bytes = max(known.Bytes, request.GetCapacityRange().GetRequiredBytes())
	return &csi.ControllerExpandVolumeResponse{CapacityBytes: known.Bytes, NodeExpansionRequired: false}, c.store.save()
}

func (c *controller) ValidateVolumeCapabilities(_ context.Context, request *csi.ValidateVolumeCapabilitiesRequest) (*csi.ValidateVolumeCapabilitiesResponse, error) {
	return &csi.ValidateVolumeCapabilitiesResponse{
		Confirmed: &csi.ValidateVolumeCapabilitiesResponse_Confirmed{VolumeCapabilities: request.GetVolumeCapabilities()},
	}, nil
}
