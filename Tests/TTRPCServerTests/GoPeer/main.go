// A client of containerd's own ttrpc, for comparing: it calls the test service at a socket and
// prints what it got, a line a call.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/containerd/ttrpc"
	"github.com/gogo/protobuf/types"
	"google.golang.org/grpc/status"
)

func main() {
	connection, err := net.Dial("unix", os.Args[1])
	if err != nil {
		panic(err)
	}
	client := ttrpc.NewClient(connection)
	call := func(ctx context.Context, service, method, text string) string {
		var reply types.StringValue
		err := client.Call(ctx, service, method, &types.StringValue{Value: text}, &reply)
		if err != nil {
			return fmt.Sprintf("%v: %v", status.Code(err), status.Convert(err).Message())
		}
		return "OK: " + reply.Value
	}
	background := context.Background()
	fmt.Println(call(background, "test.v1.Test", "EchoNow", "now"))
	fmt.Println(call(background, "test.v1.Test", "EchoLater", "later"))
	fmt.Println(call(background, "test.v1.Test", "EchoNow", ""))
	fmt.Println(call(background, "test.v1.Test", "RefuseNow", "x"))
	fmt.Println(call(background, "test.v1.Test", "Missing", "x"))
	fmt.Println(call(background, "test.v2.Test", "EchoNow", "x"))

	// The server's own answer to a time that has passed: the client would give up by itself, so it
	// waits longer than it says.
	short, cancel := context.WithTimeout(background, 100*time.Millisecond)
	fmt.Println(call(short, "test.v1.Test", "Wait", "x") != "")
	cancel()

	var group sync.WaitGroup
	right := make(chan bool, 1000)
	for index := 0; index < 1000; index++ {
		group.Add(1)
		go func(text string) {
			defer group.Done()
			right <- call(background, "test.v1.Test", "Echo", text) == "OK: "+text
		}(fmt.Sprint(index))
	}
	group.Wait()
	close(right)
	count := 0
	for one := range right {
		if one {
			count++
		}
	}
	fmt.Println(count)
}
