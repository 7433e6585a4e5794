import Arguments
import CustomerAPI
import CustomerModel
import CustomerService
import CustomerStore
import DispatchSockets
import Host
import Locks
import TTRPC
import TTRPCServer
import WellKnownTypes

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The daemon put together: store, service, server, signals.
struct Daemon {
  private let invocation: Invocation
  private let log: EventLog
  private let loop = EventLoop(label: "customerd")
  private let manager = ServiceManager()

  /// Takes the command line.
  init(_ invocation: Invocation) {
    self.invocation = invocation
    log = EventLog(
      STDERR_FILENO,
      format: invocation[DaemonOptions.log],
      microseconds: SystemClock.microseconds,
      on: loop
    )
  }

  /// Does what a command line asks, and says why it can't.
  static func status(of invocation: Invocation) async throws(UsageError) -> ExitStatus {
    let daemon = Daemon(invocation)
    defer { daemon.log.close() }
    do {
      return try await daemon.run()
    } catch let error as UsageError {
      throw error
    } catch {
      daemon.log.fail("\(error)", advice: (error as? RepositoryError)?.advice)
      return .failure
    }
  }

  /// Does what the command line asks: serves, or looks after the database.
  private func run() async throws -> ExitStatus {
    if let unit = try SystemdUnit.text(for: invocation) {
      print(unit)
      return .success
    }
    let source = WriteSource(microseconds: SystemClock.microseconds)
    let isRebuild = invocation[DaemonOptions.rebuild]
    if isRebuild { try Upkeep.rebuild(storeOptions(source)) }
    if invocation[DaemonOptions.check] { return try Upkeep.check(storeOptions(source)) }
    if !isRebuild { try await serve(source) }
    return .success
  }

  /// Serves until a signal says to stop.
  ///
  /// The sockets come first: a daemon that can't have them leaves no database behind. Until it
  /// serves, clients that connect wait.
  private func serve(_ source: WriteSource) async throws {
    let claimed = Lock<[Listener]>([])
    let stop = StopSignals(on: loop) { [log] number in
      for listener in claimed.withLock(\.self) { listener.cancel() }
      let text = "signal \(number) before it served: stopped"
      log.write("stopped", text, [.init("signal", "\(number)")])
      log.close()
      // Whatever was being done to the database may be broken off at any moment.
      _exit(ExitStatus.success.rawValue)
    }
    let limits = limits()
    let listeners = try listeners()
    claimed.withLock { $0 = listeners }
    do {
      let repository = try openStore(source)
      stop.serving()
      do {
        try await serve(repository, source, listeners, limits, until: stop)
      } catch {
        await repository.close()
        throw error
      }
      await repository.close()
    } catch {
      for listener in listeners { listener.cancel() }
      throw error
    }
    log.write("stopped", "stopped")
  }

  /// Serves a store until a signal says to stop.
  private func serve(
    _ repository: SQLiteRepository,
    _ source: WriteSource,
    _ listeners: [Listener],
    _ limits: ServerLimits,
    until stop: StopSignals
  ) async throws {
    let server = try server(repository, source, limits)
    for listener in listeners { await server.listen(listener) }
    let places = listeners.map { $0.path ?? "an inherited socket" }.joined(separator: ", ")
    manager?.tell(.ready, status: "serving at \(places)")
    let watchdog = manager.flatMap { Watchdog($0, on: loop) }
    let number = await stop.first()
    log.write("signal", "signal \(number)", [.init("signal", "\(number)")])
    manager?.tell(.stopping, status: "letting open calls end")
    // A watch would go on for ever; its client comes back and goes on behind its last token.
    repository.endWatching()
    await server.drain(grace: invocation[DaemonOptions.grace])
    withExtendedLifetime(watchdog) {}
  }

  // MARK: Start

  /// What callers are allowed, as far as the system gives descriptors for it.
  private func limits() -> ServerLimits {
    var limits = DaemonOptions.limits(invocation)
    let wanted = limits.connectionCountMax + Descriptors.reserved
    let given = Descriptors.raiseLimit(to: wanted)
    if given < wanted {
      let count = max(1, given - Descriptors.reserved)
      log.write(
        "fewDescriptors",
        """
        \(given) files may be open, and \(limits.connectionCountMax) connections need \(wanted): \
        \(count) are taken, more if the limit of open files is raised (\(Self.raising))
        """,
        [.init("descriptors", "\(given)"), .init("connections", "\(count)")]
      )
      limits.connectionCountMax = count
    }
    return limits
  }

  /// How an operator lets a process have more files open.
  private static let raising = "ulimit -n, or LimitNOFILE= of systemd"

  private func openStore(_ source: WriteSource) throws -> SQLiteRepository {
    let options = try storeOptions(source)
    DataFolder.prepare(for: options.path)
    let repository = try SQLiteRepository(options)
    log.write("opened", "database \(options.path) is open", [.init("path", options.path)])
    return repository
  }

  /// The store that the command line names.
  private func storeOptions(_ source: WriteSource) throws -> StoreOptions {
    guard let path = invocation[DaemonOptions.database] ?? DataFolder.database() else {
      throw UsageError(
        "no home folder to keep the database in: give --database",
        command: "customerd"
      )
    }
    var options = StoreOptions(path: path, newStoreID: source.makeID().description)
    switch invocation[DaemonOptions.durability] {
    case .full: options.durability = .full
    case .normal: options.durability = .normal
    }
    options.microseconds = SystemClock.microseconds
    options.stopwatch = SystemClock.stopwatch
    options.onEvent = { [log, manager] event in
      log.write(event)
      if let status = event.status { manager?.tell(status: status) }
    }
    return options
  }

  private func server(
    _ repository: SQLiteRepository,
    _ source: WriteSource,
    _ limits: ServerLimits
  ) throws -> Server {
    let reader = try repository.makeReader()
    let start = Timestamp(nanosecondsSince1970: SystemClock.microseconds() * 1000)
    let service = CustomerService(
      repository: repository,
      reader: reader,
      source: source,
      server: ServerFacts(version: DaemonOptions.version, startTime: start)
    )
    var options = ServerOptions()
    options.limits = limits
    options.reportsCalls = invocation[DaemonOptions.logCalls]
    let trimmer = HeapTrimmer()
    options.onEvent = { [log] event in
      log.write(event)
      if case .connectionClosed = event { trimmer.connectionEnded() }
    }
    options.bind = { context, begin in
      let caller = Caller(user: context.peer.userID, connection: context.connection)
      Caller.$current.withValue(caller) { begin() }
    }
    options.batch = BatchHooks(willBegin: { reader.begin() }, didEnd: { reader.end() })
    return Server(service.definitions, options: options, on: loop)
  }

  /// The sockets to listen at: those that were handed over, else the one of the command line.
  private func listeners() throws -> [Listener] {
    let onFailure: @Sendable (SocketError) -> Void = { [log] error in
      let advice = ": raise the limit of open files (\(Self.raising))"
      log.write(.acceptFailed("\(error)\(error.isOutOfDescriptors ? advice : "")"))
    }
    let inherited = Listener.inheritedDescriptors()
    if !inherited.isEmpty {
      return try inherited.map { try Listener(inherited: $0, on: loop, onFailure: onFailure) }
    }
    let path =
      invocation[DaemonOptions.socket]
      ?? SocketPath.usual(name: ServiceAddress.name, variable: ServiceAddress.variable)
    try SocketPath.prepareFolder(of: path)
    let mode = invocation[DaemonOptions.socketMode]
    return [try Listener(path: path, mode: UInt32(mode), on: loop, onFailure: onFailure)]
  }
}
