package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Parameters of a StorageClass or VolumeSnapshotClass that ask for a fault:
//
//	fail: <text>           every creation fails with the text
//	delay: <duration>      a creation takes so long
//	readyAfter: <duration> a snapshot is cut at once, and can be used so much later
//	zones: <a,b>           only these zones have such volumes
//	maximumGiB: <number>   larger volumes are refused as out of range (controller.go)
const (
	failParameter       = "fail"
	delayParameter      = "delay"
	readyAfterParameter = "readyAfter"
	zonesParameter      = "zones"
	maximumParameter    = "maximumGiB"
)

// Carries out what the parameters ask for before a creation.
func fault(ctx context.Context, parameters map[string]string) error {
	if text := parameters[failParameter]; text != "" {
		return status.Error(codes.Internal, text)
	}
	delay, err := duration(parameters, delayParameter)
	if err != nil {
		return err
	}
	select {
	case <-time.After(delay):
		return nil
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
}

func duration(parameters map[string]string, name string) (time.Duration, error) {
	text := parameters[name]
	if text == "" {
		return 0, nil
	}
	value, err := time.ParseDuration(text)
	if err != nil {
		return 0, status.Error(codes.InvalidArgument, err.Error())
	}
	return value, nil
}

// Whether a class with these parameters has volumes in the zone.
func offers(parameters map[string]string, zone string) bool {
	zones := parameters[zonesParameter]
	return zones == "" || slices.Contains(strings.Split(zones, ","), zone)
}
