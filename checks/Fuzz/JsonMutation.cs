using System.Text;
using System.Text.Json;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>Damage to JSON that leaves it JSON, most often: what only a reader that checks values will find.</summary>
internal static class JsonMutation
{
    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "[]", "{}", "\"\"", "0", "-1", "1", "-0.0", "0.5", "1e999", "1e308", "-1e308", "1e38", "1e-320",
            "2147483647", "-2147483648", "2147483648", "9223372036854775807", "-9223372036854775808", "1e20",
            "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\u001b[31m\"", "\"\\u202e\"",
            "\"..\"", "\"a/b\"", "\"linear(10)\"", "\"abs\"", "\"completed\"", "\"diverged\"", "\"9999-99-99T99:99:99Z\"",
            "[null]", "[[]]", "[0]", "{\"\":null}", $"\"{new string('x', 3000)}\"", $"{new string('[', 70)}{new string(']', 70)}",
            $"[{string.Join(',', Enumerable.Repeat("1", 500))}]",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>A value, with its name where it has one.</summary>
    private readonly record struct Member(int Begin, int ValueBegin, int End);

    /// <summary>Applies one mutation; null where the input is no JSON any more.</summary>
    public static byte[]? Apply(Random random, byte[] input)
    {
        if (Find(input) is not { Count: > 0 } members)
            return null;
        Member member = Mutator.Pick(random, members), other = Mutator.Pick(random, members);
        ReadOnlySpan<byte> before = input.AsSpan(0, member.ValueBegin), after = input.AsSpan(member.End);
        ReadOnlySpan<byte> whole = input.AsSpan(member.Begin..member.End), value = input.AsSpan(member.ValueBegin..member.End);
        return random.Next(8) switch
        {
            0 => Without(input, member),
            1 when member.Begin > 0 => [.. input.AsSpan(0, member.End), .. ","u8, .. whole, .. after],
            2 => [.. before, .. input.AsSpan(other.ValueBegin..other.End), .. after],
            3 => [.. before, .. "["u8, .. value, .. "]"u8, .. after],
            _ => [.. before, .. Mutator.Pick(random, Values), .. after],
        };
    }

    private static byte[] Without(byte[] input, Member member)
    {
        int begin = member.Begin, end = member.End;
        while (end < input.Length && input[end] is (byte)' ' or (byte)'\n')
            end++;
        if (end < input.Length && input[end] == ',')
            return [.. input.AsSpan(0, begin), .. input.AsSpan(end + 1)];
        while (begin > 0 && input[begin - 1] is (byte)' ' or (byte)'\n')
            begin--;
        return begin > 0 && input[begin - 1] == ','
            ? [.. input.AsSpan(0, begin - 1), .. input.AsSpan(member.End)]
            : [.. input.AsSpan(0, begin), .. input.AsSpan(member.End)];
    }

    /// <summary>Every value at any depth; null where it is no JSON.</summary>
    private static List<Member>? Find(byte[] input)
    {
        var members = new List<Member>();
        var open = new Stack<(int Begin, int ValueBegin)>();
        int name = -1;
        var reader = new Utf8JsonReader(input, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            while (reader.Read())
            {
                int begin = (int)reader.TokenStartIndex, end = (int)reader.BytesConsumed;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = begin;
                        continue;
                    case JsonTokenType.StartArray or JsonTokenType.StartObject:
                        open.Push((name < 0 ? begin : name, begin));
                        break;
                    case JsonTokenType.EndArray or JsonTokenType.EndObject:
                        var (first, valueBegin) = open.Pop();
                        members.Add(new Member(first, valueBegin, end));
                        break;
                    default:
                        members.Add(new Member(name < 0 ? begin : name, begin, end));
                        break;
                }
                name = -1;
            }
        }
        catch (JsonException)
        {
            return null;
        }
        return members;
    }
}
