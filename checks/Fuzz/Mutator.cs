namespace IlgpuDistance.Checks.Fuzz;

/// <summary>Damages inputs: each case takes a sound one and applies a few mutations to it.</summary>
internal static class Mutator
{
    /// <summary>Makes the damaged input of a case.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="target">What the input is.</param>
    public static byte[] Mutate(Random random, FuzzTarget target)
    {
        byte[] input = Pick(random, target.Seeds);
        int mutations = 1 + (int)(3 * Math.Pow(random.NextDouble(), 2));
        for (int i = 0; i < mutations; i++)
            input = Mutate(random, input, target);
        return target.Wrap(input);
    }

    /// <summary>One of several, each as likely as the others.</summary>
    public static T Pick<T>(Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private static byte[] Mutate(Random random, byte[] input, FuzzTarget target)
    {
        // Damage that leaves the form intact comes farthest.
        bool isFormed = target.Form != InputForm.Bytes && random.Next(4) != 0;
        byte[]? formed = !isFormed ? null
            : target.Form == InputForm.Json ? JsonMutation.Apply(random, input)
            : TextMutation.Apply(random, input);
        return formed ?? ByteMutation.Apply(random, input, target.Seeds);
    }
}
