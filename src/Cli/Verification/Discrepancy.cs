namespace IlgpuDistance.Cli.Verification;

/// <summary>A device gives another result than it must.</summary>
/// <param name="message">What, by how much, and how much is allowed.</param>
internal sealed class Discrepancy(string message) : Exception(message);
