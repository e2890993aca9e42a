package main

import (
	"context"
	"time"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Cuts a snapshot; one of the name that is there already is answered as it is.
func (c *controller) CreateSnapshot(ctx context.Context, request *csi.CreateSnapshotRequest) (*csi.CreateSnapshotResponse, error) {
	if err := fault(ctx, request.GetParameters()); err != nil {
		return nil, err
	}
	readyAfter, err := duration(request.GetParameters(), readyAfterParameter)
	if err != nil {
		return nil, err
	}
	c.store.mutex.Lock()
	defer c.store.mutex.Unlock()
	if known := c.store.Snapshots[request.GetName()]; known != nil {
		return &csi.CreateSnapshotResponse{Snapshot: answered(known)}, nil
	}
	source := c.store.Volumes[request.GetSourceVolumeId()]
	if source == nil {
		return nil, status.Errorf(codes.NotFound, "volume %s does not exist", request.GetSourceVolumeId())
	}
	now := time.Now()
	made := &snapshot{Id: request.GetName(), Source: source.Id, Bytes: source.Bytes, Content: source.Content, Cut: now, ReadyAt: now.Add(readyAfter)}
	c.store.Snapshots[made.Id] = made
	return &csi.CreateSnapshotResponse{Snapshot: answered(made)}, c.store.save()
}

func (c *controller) DeleteSnapshot(_ context.Context, request *csi.DeleteSnapshotRequest) (*csi.DeleteSnapshotResponse, error) {
	c.store.mutex.Lock()
	defer c.store.mutex.Unlock()
	delete(c.store.Snapshots, request.GetSnapshotId())
	return &csi.DeleteSnapshotResponse{}, c.store.save()
}

func (c *controller) ListSnapshots(_ context.Context, request *csi.ListSnapshotsRequest) (*csi.ListSnapshotsResponse, error) {
	c.store.mutex.Lock()
	defer c.store.mutex.Unlock()
	entries := []*csi.ListSnapshotsResponse_Entry{}
	for _, known := range c.store.Snapshots {
		isMeant := request.GetSnapshotId() == "" || request.GetSnapshotId() == known.Id
		if isMeant && (request.GetSourceVolumeId() == "" || request.GetSourceVolumeId() == known.Source) {
			entries = append(entries, &csi.ListSnapshotsResponse_Entry{Snapshot: answered(known)})
		}
	}
	return &csi.ListSnapshotsResponse{Entries: entries}, nil
}

func answered(known *snapshot) *csi.Snapshot {
	return &csi.Snapshot{
		SnapshotId:     known.Id,
		SourceVolumeId: known.Source,
		SizeBytes:      known.Bytes,
		CreationTime:   timestamppb.New(known.Cut),
		ReadyToUse:     !time.Now().Before(known.ReadyAt),
	}
}
