using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Cli.Verification;

/// <summary>How long the epochs of a model take on a device, and where the time goes.</summary>
/// <param name="Model">The model.</param>
/// <param name="Profile">The profile; an epoch is one over the training images, and a pass over those of the test.</param>
internal sealed record ModelTiming(string Model, EpochProfile Profile);
