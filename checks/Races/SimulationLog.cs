namespace IlgpuDistance.Checks.Races;

/// <summary>
/// What a simulation wrote to standard error: for each launch a line that names the kernel, and behind it Oclgrind's reports,
/// each behind an empty line with its details indented.
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
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
        {
            if (SimulatedLaunch.Parse(line) is { } launch)
            {
                _launches.Add(launch);
            }
            else if (!char.IsWhiteSpace(line[0]))
            {
                _findings.Add(new Finding(_launches.LastOrDefault()?.Kernel, WithoutAddress(line), ""));
            }
            else if (_findings.Count > 0 && line.StartsWith("\tAt line ", StringComparison.Ordinal))
            {
                string place = line.Trim().TrimEnd(':').Replace("At line", "line", StringComparison.Ordinal);
                _findings[^1] = _findings[^1] with
                {
                    Place = _findings[^1].Place.Length == 0
                    ? place
                    : $"{_findings[^1].Place} and {place}"
                };
            }
        }
    }

    /// <summary>The case.</summary>
    public string Name { get; }

    /// <summary>What the process returned.</summary>
    public int ExitCode { get; }

    /// <summary>All launches, in order.</summary>
    public IReadOnlyList<SimulatedLaunch> Launches => _launches;

    /// <summary>All reports, in order.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>
    /// A line for the reports on a kernel that are alike, with the place of the first, and one for a process that failed.
    /// </summary>
    public IEnumerable<string> Problems()
    {
        foreach (var alike in _findings.GroupBy(finding => (finding.Kernel, finding.Text)))
        {
            string place = alike.First().Place;
            yield return $"{Name}, {alike.Key.Kernel ?? "no kernel"}: {alike.Key.Text}" +
                $"{(place.Length > 0 ? $" ({place})" : "")}{(alike.Count() > 1 ? $", and {alike.Count() - 1} more" : "")}";
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
    /// <param name="Kernel">The kernel; the last one where it was made outside of any; null before the first.</param>
    /// <param name="Text">What it is about.</param>
    /// <param name="Place">The lines of the kernel's OpenCL.</param>
    public sealed record Finding(string? Kernel, string Text, string Place);
}
