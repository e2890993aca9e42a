// The one simulated CSI driver of the development control plane: volumes and snapshots that hold no data, only the name of what they would hold.
// Sidecars, snapshot controller and kinds around it are the real ones. Faults are asked for by parameters of a StorageClass or
// VolumeSnapshotClass (parameters.go).
//
// usage: csi-driver <socket> <state file>
package main

import (
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
)

const driverName = "simulator.kube-ec2.io"

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: csi-driver <socket> <state file>")
	}
	socket, file := os.Args[1], os.Args[2]
	state, err := openStore(file)
	if err != nil {
		log.Fatal(err)
	}
	// What a killed predecessor left; the data folder is locked, so nobody listens there.
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	csi.RegisterIdentityServer(server, identity{})
	csi.RegisterControllerServer(server, &controller{store: state})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		server.Stop()
	}()
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
