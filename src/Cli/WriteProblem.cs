namespace IlgpuDistance.Cli;

/// <summary>Why one of the standard streams can no longer be written.</summary>
/// <param name="Reason">In a few words, mostly the operating system's.</param>
/// <param name="ReaderIsGone">Whether it is a pipe whose reader has seen enough, as <c>head</c> does.</param>
internal sealed record WriteProblem(string Reason, bool ReaderIsGone);
