// A program that imports this library sees the customers it deals with, and what they are made of.
@_exported public import CustomerModel
@_exported public import ProtoWire
@_exported public import WellKnownTypes
