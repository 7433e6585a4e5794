/// The terminal as the console's shell needs it; tests have one in memory.
@MainActor package protocol ConsoleDevice: AnyObject {
  /// How many cells it has now.
  var size: GridSize { get }

  /// Takes the terminal over: no echo, a screen of its own.
  func enter()

  /// Gives the terminal back as it was.
  func leave()

  /// Gives the terminal back, stops the process, and takes it over when the process goes on.
  func suspend()

  /// Writes all of the bytes.
  func write(_ bytes: [UInt8])
}

/// What a terminal tells besides bytes.
package enum DeviceEvent: Sendable {
  /// Bytes came.
  case bytes([UInt8])

  /// The screen has another size, or must be drawn anew.
  case resized

  /// The process goes on after it was stopped.
  case resumed

  /// There is no terminal any more, or somebody asked the program to end by a signal.
  case ended(signal: Int32?)
}
