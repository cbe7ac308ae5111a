namespace IlgpuDistance.Cli.Tests.Architecture;

/// <summary>Folders (namespaces) that use each other, directly or through others.</summary>
internal static class FolderCycles
{
    /// <summary>
    /// For each group of folders that all use each other a shortest cycle in it, as text: a line for each step, with the types by
    /// which one folder uses the next. A folder within another counts as a folder of its own.
    /// </summary>
    /// <param name="uses">The full names of types that use others.</param>
    public static IReadOnlyList<string> Find(IEnumerable<(string User, string Used)> uses)
    {
        Dictionary<(string From, string To), string> steps = uses
            .GroupBy(use => (From: FolderOf(use.User), To: FolderOf(use.Used)))
            .Where(step => step.Key.From != step.Key.To)
            .ToDictionary(step => step.Key,
                step => string.Join(", ", step.Select(use => $"{NameOf(use.User)} uses {NameOf(use.Used)}").Order()));
        ILookup<string, string> next = steps.Keys.OrderBy(step => step.To).ToLookup(step => step.From, step => step.To);

        var (cycles, seen) = (new List<string>(), new HashSet<string>());
        foreach (string folder in next.Select(from => from.Key).Order())
        {
            if (seen.Contains(folder) || ShortestCycle(folder, next) is not { } cycle)
                continue;
            // All folders that are on a cycle with this one are told with it.
            seen.UnionWith(Reachable(folder, next).Where(other => Reachable(other, next).Contains(folder)));
            cycles.Add(string.Join('\n', cycle.Zip(cycle.Skip(1), (from, to) => $"{from} -> {to}: {steps[(from, to)]}")));
        }
        return cycles;
    }

    /// <summary>From a folder back to it, breadth first.</summary>
    private static List<string>? ShortestCycle(string folder, ILookup<string, string> next)
    {
        var paths = new Queue<List<string>>([[folder]]);
        var visited = new HashSet<string>();
        while (paths.TryDequeue(out List<string>? path))
        {
            foreach (string to in next[path[^1]])
            {
                if (to == folder)
                    return [.. path, to];
                if (visited.Add(to))
                    paths.Enqueue([.. path, to]);
            }
        }
        return null;
    }

    private static HashSet<string> Reachable(string folder, ILookup<string, string> next)
    {
        var (found, left) = (new HashSet<string>(), new Stack<string>([folder]));
        while (left.TryPop(out string? from))
        {
            foreach (string to in next[from].Where(found.Add))
                left.Push(to);
        }
        return found;
    }

    private static string FolderOf(string type) => type[..type.LastIndexOf('.')];

    private static string NameOf(string type) => type[(type.LastIndexOf('.') + 1)..];
}
