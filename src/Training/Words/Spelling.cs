namespace IlgpuDistance.Training.Words;

/// <summary>Guesses what somebody meant who mistyped a name.</summary>
internal static class Spelling
{
    private const int FewestLetters = 3, MostNames = 6;

    /// <summary>
    /// The known names that begin with a word, as a sentence has them: a, b or c. If there are none, or too many, the name that
    /// is nearest to it; null where more than a third of the word would have to change.
    /// </summary>
    /// <param name="word">What was typed; upper and lower case are the same, and dashes before it do not count.</param>
    /// <param name="known">The names that exist.</param>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        string typed = Bare(word);
        if (typed.Length < FewestLetters)
            return null;
        string[] names = [.. known];
        string[] longer = [.. names.Where(name => Bare(name).StartsWith(typed, StringComparison.Ordinal))];
        if (longer.Length is > 0 and <= MostNames)
            return longer.Length == 1 ? longer[0] : $"{string.Join(", ", longer[..^1])} or {longer[^1]}";
        int most = typed.Length / 3;
        // Lengths that differ by more need no table, which would be as large as the word is long.
        return names
            .Where(name => Math.Abs(Bare(name).Length - typed.Length) <= most)
            .Select(name => (Name: name, Distance: EditDistance(typed, Bare(name))))
            .Where(candidate => candidate.Distance <= most)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    private static string Bare(string name) => name.TrimStart('-').ToLowerInvariant();

    /// <summary>The letters to insert, delete or replace, and the neighbours to swap, that make one word the other.</summary>
    private static int EditDistance(string a, string b)
    {
        int[,] table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }
                int replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}
