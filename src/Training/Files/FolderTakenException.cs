using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Files;

/// <summary>Another process is at work in a folder, which may be waited for.</summary>
/// <param name="owner">The process, in words that can begin a sentence.</param>
/// <param name="wording">Who is at work where, and what to do.</param>
/// <param name="cause">What revealed it.</param>
internal sealed class FolderTakenException(string owner, Wording wording, Exception cause) : InputException(wording, cause)
{
    /// <summary>The process, in words that can begin a sentence.</summary>
    public string Owner { get; } = owner;
}
