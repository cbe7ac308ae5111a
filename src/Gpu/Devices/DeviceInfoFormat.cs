using System.Text.Json.Serialization;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// How <see cref="DriverProbe"/> passes a list of devices from process to process; made at compile time, because reflection would
/// slow the start.
/// </summary>
[JsonSerializable(typeof(DeviceInfo[]))]
internal sealed partial class DeviceInfoFormat : JsonSerializerContext;
