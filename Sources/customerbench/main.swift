try CodecBenchmark(seconds: 1).run()
