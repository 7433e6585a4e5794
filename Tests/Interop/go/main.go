// Command interop makes the daemon's plain calls through containerd's ttrpc client and checks what
// comes back. It is a peer that we did not write: Debian's golang-github-containerd-ttrpc-dev.
package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/containerd/ttrpc"
	"github.com/gogo/protobuf/types"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "interop/customers"
)

const service = "customers.v1.CustomerService"

var (
	client *ttrpc.Client
	passed int
	failed int
)

func call(method string, req, resp interface{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return client.Call(ctx, service, method, req, resp)
}

func check(what string, ok bool, detail interface{}) {
	if ok {
		passed++
		return
	}
	failed++
	fmt.Printf("failed: %s: %v\n", what, detail)
}

func checkCode(what string, err error, want codes.Code) {
	check(what, status.Code(err) == want, fmt.Sprintf("got %v, want %v", err, want))
}

func main() {
	conn, err := net.Dial("unix", os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	client = ttrpc.NewClient(conn)

	created := &pb.Customer{}
	err = call("CreateCustomer", &pb.CreateCustomerRequest{Customer: &pb.Customer{
		FirstName: "Grace", LastName: "Hopper", EmailAddress: "grace@example.com",
		Phones:     []*pb.PhoneNumber{{Type: pb.PhoneNumber_Mobile, Country: "AU", NumberInternational: "+61491570006"}},
		Attributes: map[string]string{"tier": "gold"},
	}}, created)
	check("create", err == nil, err)
	check("the server makes an id", len(created.CustomerId) == 36, created.CustomerId)
	check("the first version is 1", created.Version == 1, created.Version)
	check("the display name is filled", created.DisplayName == "Grace Hopper", created.DisplayName)
	check("the phone gets a key", len(created.Phones) == 1 && len(created.Phones[0].Key) == 36, created.Phones)
	check("the creation time is set", created.CreateTime != nil, created)

	read := &pb.Customer{}
	err = call("GetCustomer", &pb.GetCustomerRequest{CustomerId: created.CustomerId}, read)
	check("get", err == nil, err)
	a, _ := created.Marshal()
	b, _ := read.Marshal()
	check("get gives what create gave", len(a) == len(b) && read.String() == created.String(), read)

	updated := &pb.Customer{}
	err = call("UpdateCustomer", &pb.UpdateCustomerRequest{
		Customer:   &pb.Customer{CustomerId: created.CustomerId, Version: 1, LastName: "Murray"},
		UpdateMask: &types.FieldMask{Paths: []string{"last_name"}},
	}, updated)
	check("update", err == nil, err)
	check("update counts the version", updated.Version == 2, updated.Version)
	check("update changes the field", updated.LastName == "Murray" && updated.FirstName == "Grace", updated)

	err = call("UpdateCustomer", &pb.UpdateCustomerRequest{
		Customer:   &pb.Customer{CustomerId: created.CustomerId, Version: 1, LastName: "Other"},
		UpdateMask: &types.FieldMask{Paths: []string{"last_name"}},
	}, &pb.Customer{})
	checkCode("an old version is refused", err, codes.Aborted)
	current := []byte{}
	for _, detail := range status.Convert(err).Proto().GetDetails() {
		if detail.TypeUrl == "type.googleapis.com/customers.v1.Customer" {
			current = detail.Value
		}
	}
	b, _ = updated.Marshal()
	conflict := &pb.Customer{}
	check("the conflict carries the current record",
		conflict.Unmarshal(current) == nil && (bytes.Equal(current, b) || conflict.String() == updated.String()), current)

	past := &pb.Customer{}
	err = call("GetCustomer", &pb.GetCustomerRequest{CustomerId: created.CustomerId, Version: 1}, past)
	check("get a past version", err == nil && past.LastName == "Hopper", err)

	err = call("CreateCustomer", &pb.CreateCustomerRequest{Customer: created}, &pb.Customer{})
	checkCode("an id that is taken", err, codes.AlreadyExists)
	err = call("CreateCustomer", &pb.CreateCustomerRequest{Customer: &pb.Customer{EmailAddress: "nobody"}}, &pb.Customer{})
	checkCode("a customer that breaks a rule", err, codes.InvalidArgument)
	err = call("NoSuchMethod", &pb.GetCustomerRequest{}, &pb.Customer{})
	checkCode("a method that isn't there", err, codes.Unimplemented)

	// Many calls at once on the one connection.
	var group sync.WaitGroup
	var mutex sync.Mutex
	for i := 0; i < 64; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			got := &pb.Customer{}
			err := call("GetCustomer", &pb.GetCustomerRequest{CustomerId: created.CustomerId}, got)
			mutex.Lock()
			defer mutex.Unlock()
			check("get beside others", err == nil && got.Version == 2, err)
		}()
	}
	group.Wait()

	deleted := &pb.DeleteCustomerResponse{}
	err = call("DeleteCustomer", &pb.DeleteCustomerRequest{CustomerId: created.CustomerId, Version: 2}, deleted)
	check("delete", err == nil && deleted.Version == 3, err)
	err = call("GetCustomer", &pb.GetCustomerRequest{CustomerId: created.CustomerId}, &pb.Customer{})
	checkCode("get after delete", err, codes.NotFound)

	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	err = client.Call(ctx, service, "GetCustomer", &pb.GetCustomerRequest{CustomerId: created.CustomerId}, &pb.Customer{})
	check("a deadline that has passed", err != nil, err)

	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
