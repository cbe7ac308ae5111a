namespace IlgpuDistance.Training.Files;

/// <summary>
/// Names that stand for what comes along with the library: whoever wrote a file or a folder of such a name could not read it by
/// that name.
/// </summary>
internal static class ReservedName
{
    /// <summary>What they begin with, in any case.</summary>
    public const string Prefix = "zoo:";

    /// <summary>Whether a path is such a name.</summary>
    public static bool Is(string path) => path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why nothing is written there, in words.</summary>
    public static string ProblemOf(string path) =>
        $"{path}: a name that begins with {Prefix} stands for a trained network that comes along; write ./{path}";
}
