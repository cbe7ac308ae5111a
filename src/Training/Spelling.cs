namespace IlgpuDistance.Training;

/// <summary>Guesses what somebody meant who mistyped a name.</summary>
public static class Spelling
{
    /// <summary>The known name that is nearest to a word, or null where more than half of the word would have to change.</summary>
    /// <param name="word">What was typed; upper and lower case are the same.</param>
    /// <param name="known">The names that exist.</param>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var (nearest, distance) = known.Select(name => (name, EditDistance(word, name))).MinBy(pair => pair.Item2);
        return distance <= (word.Length + 1) / 2 ? nearest : null;
    }

    /// <summary>Levenshtein distance without regard to case, one row of the table at a time.</summary>
    private static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
