using System.Security.Cryptography;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Runs;

/// <summary>A moment from which a training can go on as if nothing had happened.</summary>
/// <param name="State">The training.</param>
/// <param name="Metrics">
/// Where the last line of its metrics begins. The line itself follows from the state, and from whether its epoch is the last
/// of all, which may change.
/// </param>
/// <param name="Arithmetic">
/// What decided the bits besides the device, see <see cref="RunDevice"/>; null where nothing did.
/// </param>
internal sealed record Checkpoint(TrainingState State, MetricsMark Metrics, string? Arithmetic);

/// <summary>A place in a file of metrics.</summary>
/// <param name="Bytes">The length of the file up to there.</param>
/// <param name="Sha256">The SHA-256 of these bytes, in hexadecimal.</param>
internal sealed record MetricsMark(long Bytes, string Sha256) : IChecked
{
    /// <summary>What the file of a checkpoint has.</summary>
    void IChecked.Check()
    {
        Expect.InRange(Bytes, 0, long.MaxValue);
        Expect.Hash(Sha256, SHA256.HashSizeInBytes, "sha256");
    }
}
