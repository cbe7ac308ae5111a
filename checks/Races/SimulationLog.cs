namespace IlgpuDistance.Checks.Races;

/// <summary>
/// What a simulation wrote to standard error: Oclgrind's reports, each behind an empty line with its details indented, and
/// behind the reports of each launch a line that names the kernel.
/// </summary>
internal sealed class SimulationLog
{
    private readonly List<SimulatedLaunch> _launches = [];
    private readonly List<Finding> _findings = [];

    /// <summary>Reads a log.</summary>
    /// <param name="name">The case.</param>
    /// <param name="text">The text.</param>
    /// <param name="exitCode">That of the process.</param>
    public SimulationLog(string name, string text, int exitCode)
    {
        Name = name;
        ExitCode = exitCode;
        var pending = new List<Finding>();
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
        {
            if (SimulatedLaunch.Parse(line) is { } launch)
            {
                _launches.Add(launch);
                _findings.AddRange(pending.Select(finding => finding with { Kernel = launch.Kernel }));
                pending.Clear();
            }
            else if (!char.IsWhiteSpace(line[0]))
            {
                pending.Add(new Finding(null, WithoutAddress(line), ""));
            }
            else if (pending.Count > 0 && line.StartsWith("\tAt line ", StringComparison.Ordinal))
            {
                pending[^1] = pending[^1] with { Place = pending[^1].Place.Length == 0 ? line.Trim() : $"{pending[^1].Place} and {line.Trim()}" };
            }
        }
        _findings.AddRange(pending);
    }

    /// <summary>The case.</summary>
    public string Name { get; }

    /// <summary>What the process returned.</summary>
    public int ExitCode { get; }

    /// <summary>All launches, in order.</summary>
    public IReadOnlyList<SimulatedLaunch> Launches => _launches;

    /// <summary>All reports, in order.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>A line for each report, those that are alike in one, and one for a process that failed.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var group in _findings.CountBy(finding => finding))
        {
            string kernel = group.Key.Kernel ?? "no kernel";
            yield return $"{Name}, {kernel}: {group.Key.Text}{(group.Key.Place.Length > 0 ? $" ({group.Key.Place})" : "")}, {group.Value} times";
        }
        if (ExitCode != 0 && _findings.Count == 0)
            yield return $"{Name}: the simulation ended with exit code {ExitCode}";
    }

    /// <summary>Reports of one kind differ in the address that they end with.</summary>
    private static string WithoutAddress(string line)
    {
        int address = line.IndexOf(" address 0x", StringComparison.Ordinal);
        return address < 0 ? line : line[..address];
    }

    /// <summary>One report.</summary>
    /// <param name="Kernel">The kernel; null where it was made outside of any.</param>
    /// <param name="Text">What it is about.</param>
    /// <param name="Place">The line of the kernel's OpenCL.</param>
    public sealed record Finding(string? Kernel, string Text, string Place);
}
